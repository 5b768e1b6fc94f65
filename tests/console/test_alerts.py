"""Managers choose how they are told what is wrong, and Today shows the same list as `ivr alerts`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.console.faults import Fault
from ivr.console.post import Post
from ivr.helpline.alert_lines import AlertLine
from ivr.staff.accounts import Channel, Role
from ivr.store import accounts, alert_messages, alerts, heartbeat
from ivr.store.alerts import Problem
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages

ME = "/console/me"
REFUSED = Problem("provider", urgent=True, says="the provider refuses our token", mend="set TWILIO_AUTH_TOKEN")
HOUR = timedelta(hours=1)


class Mailer:
    async def send(self, *of: object) -> None:
        return None


async def today(pages: StaffPages) -> str:
    return text_of((await pages.get("/console")).text)


HARM = "Something is wrong that harms callers. What it is, and what mends it"


async def is_wrong(pages: StaffPages, *problems: Problem) -> None:
    async with pages.store.begin() as db:
        await alerts.record(db, problems, ["provider", "hours"], pages.clock())
        await heartbeat.record_heartbeat(db, heartbeat.LOOKOUT, pages.clock())


async def alerts_by(pages: StaffPages) -> Channel | None:
    async with pages.store.read() as db:
        found = await accounts.by_id(db, pages.store.cipher, "Max")
    assert found
    return found.alerts_by


async def test_today_tells_what_is_wrong_since_when_and_who_was_told(pages: StaffPages) -> None:
    await is_wrong(pages, REFUSED)
    words = await today(pages)
    assert "callers are harmed provider: the provider refuses our token." in words
    assert HARM in words
    assert "What mends it: set TWILIO_AUTH_TOKEN. Nobody was told by text or e-mail yet." in words
    async with pages.store.begin() as db:
        cipher, now = pages.store.cipher, pages.clock()
        ada = await accounts.by_id(db, cipher, "Ada")
        assert ada
        await alert_messages.add_told(db, cipher, ada, [AlertLine("x")], ["provider"], now, None)
    assert "Told: Ada (it did not come), Mon 23 November at 10:00." in await today(pages)
    async with pages.store.begin() as db:
        await alerts.mute(db, "provider", pages.clock() + HOUR, "Ada")
    words = await today(pages)
    assert "Muted until Mon 23 November at 11:00 by Ada." in words
    assert HARM not in words
    pages.clock.passes(HOUR)
    await is_wrong(pages)
    assert "refuses our token" not in await today(pages)


async def test_what_this_process_found_too_is_told_once(pages: StaffPages) -> None:
    await is_wrong(pages, REFUSED)
    pages.services.faults.found = [
        Fault(True, "provider: the provider refuses our token", "set it", "provider"),
        Fault(False, "disk: only 400 MB are left", "delete", "disk"),
    ]
    words = await today(pages)
    assert words.count("refuses our token") == 1
    assert "only 400 MB are left" in words


async def test_what_today_looks_at_itself_is_not_told_twice(pages: StaffPages) -> None:
    await is_wrong(pages, replace(REFUSED, name="hours", says="the hours are a guess"))
    assert "the hours are a guess" not in await today(pages)


async def test_a_manager_chooses_how_they_are_told(pages: StaffPages) -> None:
    object.__setattr__(pages.services, "post", Post(Mailer()))
    assert "By e-mail" in (await pages.get(ME, Role.manager)).text
    answer = await pages.post(f"{ME}/alerts", {"by": "email"}, Role.manager)
    assert answer.headers["location"] == f"{ME}?news=alerts_set"
    assert await alerts_by(pages) is Channel.email
    answer = await pages.post(f"{ME}/alerts", {"by": "none"}, Role.manager)
    assert answer.headers["location"] == f"{ME}?news=alerts_off"
    assert await alerts_by(pages) is Channel.none


@pytest.mark.parametrize(
    ("by", "says"), [("text", "Max has no mobile to be texted at"), ("pigeon", "Choose one."), ("", "Choose one.")]
)
async def test_what_cannot_be_is_refused_beside_its_field(pages: StaffPages, by: str, says: str) -> None:
    answer = await pages.post(f"{ME}/alerts", {"by": by}, Role.manager)
    assert answer.status_code == 422
    assert says in answer.text
    assert await alerts_by(pages) is None


async def test_an_adviser_is_not_asked(pages: StaffPages) -> None:
    assert "When something is wrong" not in (await pages.get(ME)).text
    assert (await pages.post(f"{ME}/alerts", {"by": "none"})).status_code == 403
