"""A web process whose IVR_SECRET_KEY does not fit the database answers calls, promises nothing, and says so."""

import httpx2
import pytest

from ivr.store.database import Store
from ivr.store.tables import sms_outbox
from ivr.web.briefly_cached import FRESH
from tests.app_factory import PATIENT
from tests.conftest import Output
from tests.web.running_app import RunningApp, running_app
from tests.web.webhooks import SETTINGS, URL, action, ask, form_of, said

STRANGE = "n" * 42 + "0"
CANNOT = "we cannot promise you a text just now"
PROMISED = "We will text you as soon as we can"
STOP = {"MessageSid": "SM1", "From": "+447700900123", "Body": "STOP", "NumMedia": "0"}


async def asks_for_a_text(here: RunningApp, call: str) -> str:
    answer = await here.rings(call, "0")
    while "<Dial" in answer.text:
        answer = await ask(here.app, action(answer), form_of(call, DialCallStatus="no-answer"))
    for key in ("3", "1", "1"):
        answer = await ask(here.app, action(answer), form_of(call, Digits=key))
    return said(answer)


async def readiness(here: RunningApp) -> httpx2.Response:
    here.clock.passes(FRESH)
    return await ask(here.app, f"{URL}/health/ready", {}, method="GET", signature="")


@pytest.fixture
async def owner(url: str) -> Store:
    """A process that the database belongs to."""
    async with Store(url, SETTINGS.secrets, PATIENT) as store, store.begin():
        return store


async def test_it_answers_calls_and_promises_nothing(url: str, owner: Store) -> None:
    async with running_app(url, secret_key=STRANGE) as here:
        assert CANNOT in await asks_for_a_text(here, "CA1")
        assert (await here.post("/sms", STOP)).status_code == 503  # the provider asks the next of us
    async with running_app(url) as whole:
        assert await whole.rows(sms_outbox) == []
        assert PROMISED in await asks_for_a_text(whole, "CA1")


async def test_it_says_so_once_in_the_log_and_to_whoever_asks_whether_it_is_ready(
    url: str, owner: Store, output: Output
) -> None:
    async with running_app(url, secret_key=STRANGE) as here:
        for _ in range(3):
            await here.app.state.staff_cache.refresh()  # type: ignore[attr-defined]
        told = await readiness(here)
        assert (told.status_code, told.text.count("IVR_SECRET_KEY")) == (503, 1)
        assert "does not fit the database" in told.text
    assert output().count("IVR_SECRET_KEY") == 1
    async with running_app(url) as whole:
        assert "IVR_SECRET_KEY" not in (await readiness(whole)).text


async def test_it_is_whole_again_once_a_process_that_fits_knows_its_secret(url: str, owner: Store) -> None:
    async with running_app(url, secret_key=STRANGE) as here:
        assert "IVR_SECRET_KEY" in (await readiness(here)).text
        async with running_app(url, secret_key=f"{SETTINGS.secret_key},{STRANGE}"):
            assert "IVR_SECRET_KEY" not in (await readiness(here)).text
            assert PROMISED in await asks_for_a_text(here, "CA1")
