"""Whatever is sent to us is answered as it must be: `make torture` sends many more of the same."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.app import load
from tests.store.conftest import postgresql_url, sqlite_url
from torture.webhooks.ask import Asker
from torture.webhooks.fuzz import application, fuzz
from torture.webhooks.judge import complaint
from torture.webhooks.twists import NAMES, ODD, PATHS, STATUSES
from torture.webhooks.webhook import Webhook

NUMBER, CALLS = 1000, 10
"""Webhooks on each database, made of those of so many calls."""
FEW = 10
STEPS = sorted(f"/voice/{step}" for step in load().service.steps)
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(), st.sampled_from((*ODD, *STATUSES)) | st.text()))
QUERIES = st.builds(
    "{}={}".format, st.sampled_from(("m", "t", "leg", "id")), st.text("ABCabc019-_=%&\x00é", max_size=80)
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return postgresql_url() if request.param == "postgresql" else sqlite_url(tmp_path)


@pytest.fixture
def on_postgresql() -> str:
    return postgresql_url()


@pytest.fixture
async def postgres(on_postgresql: str) -> AsyncIterator[Asker]:
    async with application(on_postgresql) as app:
        yield Asker(app)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def asker(loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    opened = application(sqlite_url(tmp_path_factory.mktemp("kept")))
    yield Asker(loop.run(opened.__aenter__()))
    loop.run(opened.__aexit__(None, None, None))


async def test_twisted_webhooks_are_answered_or_refused_as_they_must_be(url: str) -> None:
    found = await fuzz(url, seed=7, number=NUMBER, calls=CALLS)
    assert found.details == []
    assert found.sent == NUMBER
    assert found.unsigned > FEW
    assert {200, 204, 403, 405, 413} <= found.statuses.keys()


@given(st.sampled_from((*PATHS, *STEPS)), QUERIES, FIELDS, st.none() | st.text(max_size=40))
def test_any_form_at_any_step_is_answered_or_refused_as_it_must_be(
    loop: asyncio.Runner, asker: Asker, path: str, query: str, fields: list[tuple[str, str]], signature: str | None
) -> None:
    webhook = Webhook(path, query, signature=signature).saying(tuple(_encodable(fields)))
    assert complaint(webhook, loop.run(asker.asks(webhook))) == ""


@pytest.mark.parametrize("name", ["\0", "SM\0", "é", "S" * 5000, ""])
@pytest.mark.parametrize("path", ["/sms", "/sms/status?t=", "/voice/status?leg={}", "/voice/recording?id={}"])
async def test_a_name_that_no_database_keeps_is_no_reason_to_try_again(postgres: Asker, path: str, name: str) -> None:
    form = {"MessageSid": name, "From": "+447700900123", "Body": "Hello", "CallSid": name, "CallStatus": "completed"}
    recording = {"RecordingSid": "RE" + "0" * 32, "RecordingStatus": "absent", "MessageStatus": "sent"}
    where, _, query = path.partition("?")
    query = query.format("%00" if "\0" in name else name)
    answer = await postgres.asks(Webhook(where, query).saying(tuple((form | recording).items())))
    assert answer.status in (200, 204)


async def test_the_provider_is_never_sent_elsewhere(postgres: Asker) -> None:
    assert (await postgres.asks(Webhook("/voice/"))).status == 404


def _encodable(fields: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Half a character cannot be sent at all."""
    for name, value in fields:
        yield name.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode()
