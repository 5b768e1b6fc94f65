"""The checks of what staff are told of while the helpline runs."""

from collections import namedtuple
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from ivr.doctor.checks import disk as disk_check
from ivr.doctor.checks.waiting import _open_time
from ivr.doctor.problems import problems_of
from ivr.doctor.registry import Finding
from ivr.helpline.alert_lines import AlertLine
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import OpeningHours
from ivr.store import alert_messages, audit, heartbeat, last_seen, legs, rota, sms_results
from ivr.store.accounts import Channel, Role
from ivr.store.audit import By
from ivr.store.leg_states import LegOutcome
from ivr.store.tables import sms_outbox
from tests.doctor.conftest import Patient
from tests.store.fixtures import ADVISER, OTHER, PARENT, claim_texts, enqueue_text, request_callback
from tests.store.hunt_driver import HuntDriver
from tests.web.webhooks import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Usage = namedtuple("Usage", "free")


def at(patient: Patient, now: datetime) -> None:
    patient.subject = replace(patient.subject, now=now)


async def test_a_clock_that_cannot_be_believed_is_told(patient: Patient) -> None:
    assert await patient.found("clock") == []
    async with patient.subject.store.begin() as db:
        await last_seen.record_doubt(db, NOW, None)
    [(severity, says)] = await patient.told("clock")
    assert (severity, "cannot be believed" in says) == ("error", True)


@pytest.mark.parametrize(("megabytes", "told"), [(600, []), (400, ["warning"]), (40, ["error"])])
async def test_a_disk_that_is_nearly_full_is_told(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, megabytes: int, told: list[str]
) -> None:
    monkeypatch.setattr(disk_check, "disk_usage", lambda folder: Usage(megabytes * 1_000_000))
    found = await patient.told("disk")
    assert [severity for severity, _ in found] == told
    assert all(f"only {megabytes} MB are left" in says for _, says in found)


async def test_a_backup_that_is_old_or_was_never_taken_is_told(patient: Patient) -> None:
    async with patient.subject.store.begin() as db:
        await audit.write(db, By("Sam", NOW), "something")
    assert await patient.found("backup") == []
    at(patient, NOW + 2 * DAY)
    assert await patient.told("backup") == [("warning", "no backup was ever taken")]
    async with patient.subject.store.begin() as db:
        await heartbeat.record_heartbeat(db, heartbeat.BACKUP, NOW + DAY)
    assert await patient.found("backup") == []
    at(patient, NOW + 3 * DAY)
    assert await patient.told("backup") == [("warning", "the last backup is of Tue 24 Nov 2026 10:00")]
    patient.change(backup_hours=0)
    assert await patient.found("backup") == []


async def test_whoever_waits_too_long_of_our_hours_is_told(patient: Patient) -> None:
    patient.change(waiting_hours=8.0)
    await request_callback(patient.subject.store, "one", PARENT, at=NOW)
    at(patient, NOW + 7 * HOUR)
    assert await patient.found("waiting") == []
    at(patient, NOW + 4 * DAY + 4 * HOUR)  # Friday, which is the next day on which it is open
    [found] = await patient.found("waiting")
    assert (found.severity, found.says) == ("warning", "1 call back waits too long, and nobody has claimed it")
    await request_callback(patient.subject.store, "two", OTHER, deadline=date(2026, 11, 27), at=NOW)
    [found] = await patient.found("waiting")
    assert found.says == "2 calls back wait too long, and nobody has claimed them (1 with a last day soon)"
    assert found.amount == 2


def test_a_weekend_is_no_waiting_time() -> None:
    friday, monday = datetime(2026, 11, 27, 16, 30, tzinfo=UTC), datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    week = {weekday: tuple(parse_spans(["09:00-17:00"])) for weekday in range(5)}
    hours = OpeningHours(week)
    assert _open_time(hours, friday, monday) == HOUR
    assert _open_time(None, friday, monday) == monday - friday


async def test_texts_that_failed_or_do_not_go_out_are_told(patient: Patient) -> None:
    store = patient.subject.store
    await enqueue_text(store, at=NOW)
    at(patient, NOW + timedelta(minutes=14))
    assert await patient.found("texts") == []
    at(patient, NOW + timedelta(minutes=16))
    [(severity, says)] = await patient.told("texts")
    assert (severity, "was due on Mon 23 Nov at 10:00" in says) == ("error", True)
    [text] = await claim_texts(store, NOW)
    async with store.begin() as db:
        await sms_results.failed(db, text.id, "no such number", NOW)
    assert await patient.told("texts") == [("warning", "1 text to a caller could not be sent")]
    at(patient, NOW + 2 * DAY)
    assert await patient.found("texts") == []


async def test_an_alert_that_failed_is_no_text_to_a_caller(patient: Patient) -> None:
    await enqueue_text(patient.subject.store, at=NOW)
    async with patient.subject.store.begin() as db:
        await db.execute(update(sms_outbox).values(state="failed", topic="alert"))
    assert await patient.found("texts") == []


async def test_an_adviser_who_lets_it_ring_is_told_of(patient: Patient) -> None:
    patient.change(unanswered_per_hour=1)
    store = patient.subject.store
    async with store.begin() as db:
        await rota.add(db, store.cipher, "Jo", ADVISER, By("Sam", NOW))
    assert await patient.found("unanswered_rings") == []
    driver = HuntDriver(store, (ADVISER,))
    await driver.start()
    [leg] = await driver.assign()
    async with store.begin() as db:
        await legs.end(db, leg.leg, LegOutcome.unanswered, NOW)
    assert await patient.told("unanswered_rings") == [("warning", "Jo does not pick up, and is not rung for a while")]


async def test_it_is_told_that_nobody_is_told(patient: Patient) -> None:
    assert [says for _, says in await patient.told("alerts")] == ["nobody is told by text or e-mail what is wrong"]
    await patient.is_told()
    assert await patient.found("alerts") == []


async def test_messages_that_did_not_come_are_told(patient: Patient) -> None:
    await patient.is_told()
    store = patient.subject.store
    async with store.begin() as db:
        both = alert_messages.Ways(text=True, email=True)
        [ada] = await alert_messages.recipients(db, store.cipher, Role.administrator, both)
        await alert_messages.add_told(db, store.cipher, ada, [AlertLine("a")], ["rota"], NOW, None)
        await alert_messages.add_told(db, store.cipher, ada, [AlertLine("a")], ["rota"], NOW, Channel.email)
    [found] = await patient.found("alerts")
    assert found.says == "1 messages to managers or administrators did not come"


async def test_a_gap_of_now_harms_callers_and_one_ahead_does_not(patient: Patient) -> None:
    """The good helpline is open on Monday and Friday."""
    store = patient.subject.store
    async with store.begin() as db:
        await rota.add(db, store.cipher, "Jo", ADVISER, By("Sam", NOW))
        await rota.set_shifts(db, "Jo", [0], parse_spans(["00:00-00:00"]), By("Sam", NOW))
    assert {severity for severity, _ in await patient.told("rota")} == {"warning"}
    at(patient, NOW + 4 * DAY)
    first, *others = [severity for severity, _ in await patient.told("rota")]
    assert (first, set(others)) == ("error", {"warning"})


def test_one_problem_is_made_of_all_that_a_check_found() -> None:
    found = [
        Finding("warning", "a gap on Friday", "fill it", "rota"),
        Finding("skipped", "not looked at", "set it", "provider"),
        Finding("error", "nobody is on shift", "ring somebody", "rota"),
        Finding("warning", "and 3 more", "look", "rota", 3),
        Finding("error", "a complaint is overdue", "acknowledge it", "complaints"),
        Finding("warning", "a fact runs out", "check it", "content", 4),
    ]
    rota, complaints, content = problems_of(found)
    assert (rota.urgent, rota.says, rota.mend) == (
        True,
        "nobody is on shift; a gap on Friday; and 1 more",
        "ring somebody",
    )
    assert (rota.amount, rota.role, rota.again) == (5, Role.manager, 1)
    assert (complaints.urgent, complaints.again) == (False, 1)
    assert (content.urgent, content.amount, content.again) == (False, 4, 7)
