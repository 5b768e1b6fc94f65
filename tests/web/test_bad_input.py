"""Malformed webhooks are answered or rejected correctly: `make torture` sends many more of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.loader import load
from tests.chaos.fuzz.asgi_client import AsgiClient
from tests.chaos.fuzz.fuzzer import application, fuzz
from tests.chaos.fuzz.mutations import NAMES, ODD, PATHS, STATUSES
from tests.chaos.fuzz.oracle import violation
from tests.chaos.fuzz.raw_webhook import RawWebhook
from tests.store.conftest import postgresql_url, sqlite_url

NUMBER, CALLS = 1000, 10
"""How many webhooks are sent to each database, mutated from those of so many calls."""
FEW = 10
STEPS = sorted(f"/voice/{step}" for step in load().flows.steps)
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
async def postgres(on_postgresql: str) -> AsyncIterator[AsgiClient]:
    async with application(on_postgresql) as app:
        yield AsgiClient(app)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def client(loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsgiClient]:
    opened = application(sqlite_url(tmp_path_factory.mktemp("kept")))
    yield AsgiClient(loop.run(opened.__aenter__()))
    loop.run(opened.__aexit__(None, None, None))


async def test_mutated_webhooks_are_answered_correctly_or_rejected(url: str) -> None:
    found = await fuzz(url, seed=7, number=NUMBER, calls=CALLS)
    assert found.details == []
    assert found.sent == NUMBER
    assert found.unsigned > FEW
    assert {200, 204, 403, 405, 413} <= found.statuses.keys()


@given(st.sampled_from((*PATHS, *STEPS)), QUERIES, FIELDS, st.none() | st.text(max_size=40))
def test_any_form_at_any_step_is_answered_correctly_or_rejected(
    loop: asyncio.Runner,
    client: AsgiClient,
    path: str,
    query: str,
    fields: list[tuple[str, str]],
    signature: str | None,
) -> None:
    webhook = RawWebhook(path, query, signature=signature).with_fields(tuple(_encodable(fields)))
    assert violation(webhook, loop.run(client.send(webhook))) == ""


@pytest.mark.parametrize("name", ["\0", "SM\0", "é", "S" * 5000, ""])
@pytest.mark.parametrize("path", ["/sms", "/sms/status?t=", "/voice/status?leg={}", "/voice/recording?id={}"])
async def test_a_name_that_no_database_keeps_is_no_reason_to_try_again(
    postgres: AsgiClient, path: str, name: str
) -> None:
    form = {"MessageSid": name, "From": "+447700900123", "Body": "Hello", "CallSid": name, "CallStatus": "completed"}
    recording = {"RecordingSid": "RE" + "0" * 32, "RecordingStatus": "absent", "MessageStatus": "sent"}
    where, _, query = path.partition("?")
    query = query.format("%00" if "\0" in name else name)
    answer = await postgres.send(RawWebhook(where, query).with_fields(tuple((form | recording).items())))
    assert answer.status in (200, 204)


async def test_the_provider_is_never_sent_elsewhere(postgres: AsgiClient) -> None:
    assert (await postgres.send(RawWebhook("/voice/"))).status == 404


def _encodable(fields: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield fields without lone surrogates, which cannot be sent."""
    for name, value in fields:
        yield name.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode()
