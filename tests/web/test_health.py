"""Liveness and readiness: what is missing is told with the command that mends it, and calls go on meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.types import ASGIApp

from ivr.app import build
from ivr.config import CONTENT
from ivr.content_source import ContentSource
from ivr.errors import SettingsError
from ivr.loader import load
from ivr.readiness import readiness_checks
from ivr.staff.hours import confirm
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.heartbeat import SMS_SENDER, WORKER, WORKER_DEAD_AFTER, record_heartbeat
from ivr.store.schema_version import SCHEMAS
from ivr.web import health
from ivr.web.briefly_cached import FRESH
from ivr.web.health import Readiness, ReadinessCheck
from ivr.web.staff_cache import StaffCache
from tests.store.fixtures import set_schema
from tests.web.running_app import DOWN, SHORT, Clock, RunningApp, running_app
from tests.web.webhooks import SETTINGS, URL, ask, helpline, said

WITHOUT_A_WORKER: dict[str, Any] = {"account_sid": "", "sms_from": None}
"""Nothing is promised that a worker would have to do."""


async def readiness(app: ASGIApp) -> tuple[int, str]:
    """Return the status and the text of the readiness check."""
    response = await ask(app, f"{URL}/health/ready", {}, method="GET", signature="")
    return response.status_code, response.text


async def test_anybody_may_ask_whether_we_live() -> None:
    response = await ask(helpline(), f"{URL}/health/live", {}, method="GET", signature="")
    assert (response.status_code, response.text) == (200, "alive")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_it_is_only_asked_and_never_told(path: str) -> None:
    assert (await ask(helpline(), f"{URL}{path}")).status_code == 405


async def test_a_helpline_that_misses_nothing_is_ready(url: str) -> None:
    async with running_app(url, **WITHOUT_A_WORKER) as here:
        assert await readiness(here.app) == (200, "ready")


async def test_a_database_that_is_down_is_named_by_its_setting_and_calls_go_on() -> None:
    async with running_app(DOWN, SHORT) as here:
        status, told = await readiness(here.app)
        assert (status, DOWN in told, "127.0.0.1" in told) == (503, False, False)
        assert "DATABASE_URL cannot be reached" in told
        assert "special needs helpline" in said(await here.rings("CA1"))


async def test_tables_that_were_never_made_are_made_by_the_command_that_is_named(empty_url: str) -> None:
    async with running_app(empty_url, **WITHOUT_A_WORKER) as here:
        needs = f"this release needs schema {SCHEMAS[-1]}: run `ivr migrate`."
        assert await readiness(here.app) == (503, f"database: The database has no tables, and {needs}")
        assert "special needs helpline" in said(await here.rings("CA1"))


@pytest.mark.parametrize(("schema", "mend"), [("002", "run `ivr migrate`"), ("999", "a newer release has migrated it")])
async def test_tables_of_another_release_are_noticed_while_we_run(url: str, schema: str, mend: str) -> None:
    async with running_app(url, **WITHOUT_A_WORKER) as here:
        assert (await readiness(here.app))[0] == 200
        await set_schema(here.store, schema)
        here.clock.passes(FRESH)
        status, told = await readiness(here.app)
        await set_schema(here.store, SCHEMAS[-1])
        assert (status, mend in told) == (503, True)


async def test_promises_that_no_worker_keeps_are_told_with_its_command_and_calls_go_on(here: RunningApp) -> None:
    status, told = await readiness(here.app)
    assert (status, told.startswith("worker: "), "`ivr worker`" in told) == (503, True, True)
    assert "special needs helpline" in said(await here.rings("CA1"))
    async with here.store.begin() as db:
        for what in (WORKER, SMS_SENDER):
            await record_heartbeat(db, what, here.clock() + FRESH)
    here.clock.passes(FRESH)
    assert await readiness(here.app) == (200, "ready")
    here.clock.passes(WORKER_DEAD_AFTER)
    assert (await readiness(here.app))[0] == 503


async def test_facts_that_have_all_run_out_are_told(url: str) -> None:
    async with running_app(url, **WITHOUT_A_WORKER) as here:
        here.clock.passes(timedelta(days=3650))
        status, told = await readiness(here.app)
        assert (status, told.startswith("content: all "), "`ivr facts`" in told) == (503, True, True)


async def test_what_only_staff_must_see_to_is_logged_by_the_running_application(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "WATCH_SECONDS", 0.01)
    async with running_app(url, **WITHOUT_A_WORKER, advisers=()) as here:
        while "check=rota says='nobody is on the rota" not in caplog.text:
            await asyncio.sleep(0.01)
        assert await readiness(here.app) == (200, "ready")
    assert "check=hours says='the opening hours in flows/hours.yaml are a guess" in caplog.text


async def test_that_nobody_has_confirmed_the_hours_is_told_until_staff_have(store: Store) -> None:
    helpline, clock = load(), Clock()
    cache = StaffCache(store, (), clock)
    source = ContentSource(CONTENT, helpline)
    [hours] = [one for one in readiness_checks(SETTINGS, store, source, cache, clock) if one.name == "hours"]
    assert "are a guess" in (await hours.find() or "")
    async with store.begin() as db:
        await confirm(db, helpline.ours, None, By("Max", clock()))
    await cache.refresh()
    assert await hours.find() is None
    clock.passes(timedelta(days=365))
    assert "were good until 23 May 2027" in (await hours.find() or "")


async def test_the_address_for_trying_the_signature_takes_what_is_signed_and_nothing_else() -> None:
    app, address = helpline(), f"{URL}/health/signed"
    assert (await ask(app, address)).text == "signed"
    assert (await ask(app, address, signature="")).status_code == 403
    assert (await ask(app, address, signature="", method="GET")).status_code == 405


async def test_a_worker_inside_that_ends_is_told_and_calls_go_on(url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def fails(stop: asyncio.Event) -> None:
        raise SettingsError("IVR_SECRET_KEY is another one")

    app = build(SETTINGS.model_copy(update={"database_url": url}), Clock(), background=fails)
    async with app.router.lifespan_context(app):
        await asyncio.sleep(0)
        assert "special needs helpline" in said(await ask(app, f"{URL}/voice"))
    assert "the worker inside ivr serve has ended: IVR_SECRET_KEY is another one" in caplog.text


# The answer itself, whatever is checked.


class Things:
    """Things that can go missing, and how often somebody looked."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}
        self.asked = 0
        self.clock = Clock()
        checks = [ReadinessCheck("bread", lambda: self.find("bread")), ReadinessCheck("jam", self.jam, is_needed=False)]
        self.readiness = Readiness(checks, self.clock)

    async def jam(self) -> str | None:
        return await self.find("jam")

    async def find(self, name: str) -> str | None:
        self.asked += 1
        await asyncio.sleep(0)
        if self.missing.get(name) == "fails":
            raise RuntimeError("+447700900123")
        return self.missing.get(name)

    async def told(self) -> tuple[int, str]:
        response = await self.readiness.answer(Request({"type": "http"}))
        return response.status_code, bytes(response.body).decode()


@pytest.fixture
def things() -> Things:
    return Things()


async def test_what_only_staff_miss_leaves_us_ready(things: Things) -> None:
    things.missing = {"jam": "buy some"}
    assert await things.told() == (200, "ready")


async def test_each_thing_that_is_missing_is_a_line(things: Things) -> None:
    things.missing = {"bread": "bake some", "jam": "buy some"}
    assert await things.told() == (503, "bread: bake some")


async def test_whoever_asks_often_or_at_once_loads_nothing(things: Things) -> None:
    await asyncio.gather(*(things.told() for _ in range(50)))
    assert things.asked == 2
    things.clock.passes(FRESH)
    await things.told()
    assert things.asked == 4


async def test_a_clock_that_is_set_back_keeps_no_old_answer(things: Things) -> None:
    await things.told()
    things.missing = {"bread": "bake some"}
    things.clock.passes(-timedelta(days=1))
    assert (await things.told())[0] == 503


async def test_a_check_that_fails_is_told_without_what_it_stumbled_over(things: Things) -> None:
    things.missing = {"bread": "fails"}
    assert await things.told() == (503, "bread: nobody can tell (RuntimeError)")


async def test_staff_are_told_once_when_it_begins_daily_while_it_lasts_and_when_it_ends(
    things: Things, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ivr")
    things.missing = {"bread": "bake some", "jam": "buy some"}
    for _ in range(3):
        await things.readiness.tell()
        things.clock.passes(FRESH)
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("ERROR", "missing: check=bread says='bake some'"),
        ("WARNING", "missing: check=jam says='buy some'"),
    ]
    caplog.clear()
    things.clock.passes(timedelta(days=1))
    things.missing = {"bread": "bake some"}
    await things.readiness.tell()
    assert [one.getMessage() for one in caplog.records] == [
        "missing: check=bread says='bake some'",
        "mended: check=jam",
    ]


async def test_what_is_missing_is_a_metric_too(things: Things, here: RunningApp) -> None:
    things.missing = {"jam": "buy some"}
    await things.readiness.tell()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(here.app), base_url="http://10.0.0.7") as client:
        told = (await client.get("/metrics")).text.splitlines()
    assert {'ivr_missing{check="bread"} 0.0', 'ivr_missing{check="jam"} 1.0'} <= set(told)
