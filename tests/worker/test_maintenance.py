"""Reminders are released outside quiet hours; expired data is deleted, here and at the provider."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.engine.effects import ScheduleReminders
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twilio_api.resources.message import MessageResource
from ivr.store import call_events, daily_counts, opt_outs, provider_resources, reminders
from ivr.store.call_events import CallRecord
from ivr.store.erasure import erase
from ivr.store.sms_states import SmsState
from tests.store.fixtures import call_event
from tests.worker.conftest import PARENT, QUOTAS, Work

TEN = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


async def schedules_reminder(work: Work, due: datetime) -> None:
    effect = ScheduleReminders(PARENT, "deadline", ((due, "Two weeks to go."),))
    async with work.store.begin() as db:
        await reminders.schedule(db, work.store.cipher, str(due), effect, work.clock(), QUOTAS)


async def test_a_reminder_is_sent_on_its_day(work: Work) -> None:
    await schedules_reminder(work, TEN)
    assert await work.maintenance.release_reminders() == 0
    work.clock.now = TEN
    assert await work.maintenance.release_reminders() == 1
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    assert (await work.text()).state == SmsState.delivered
    assert await work.maintenance.release_reminders() == 0


@pytest.mark.parametrize(
    ("hour", "released"),
    [("2026-12-01T08:59", 0), ("2026-12-01T09:00", 1), ("2026-12-01T18:59", 1), ("2026-12-01T19:00", 0)],
)
async def test_no_reminder_is_released_in_quiet_hours(work: Work, hour: str, released: int) -> None:
    work.clock.now = datetime.fromisoformat(hour).replace(tzinfo=UTC)
    await schedules_reminder(work, work.clock())
    assert await work.maintenance.release_reminders() == released


async def test_the_hours_are_those_of_london(work: Work) -> None:
    work.clock.now = datetime(2026, 7, 1, 18, 30, tzinfo=UTC)  # half past seven in the evening
    await schedules_reminder(work, work.clock())
    assert await work.maintenance.release_reminders() == 0


async def test_whoever_opted_out_is_not_reminded(work: Work) -> None:
    await schedules_reminder(work, TEN)
    async with work.store.begin() as db:
        await opt_outs.opt_out(db, work.store.cipher.blind_index(PARENT), work.clock())
    work.clock.now = TEN
    assert await work.maintenance.release_reminders() == 0
    assert await work.texts() == []


MINUTES = 60


async def rings(work: Work, call: CallResource) -> None:
    """Note the first event of a call, which the provider knows."""
    work.twilio.calls.append(call)
    sid, blind_index = work.store.cipher.encrypt(call.sid), work.store.cipher.blind_index(call.sid)
    async with work.store.begin() as db:
        await call_events.append(db, [call_event(blind_index, work.clock(), happened="Rang", sid=sid)])


async def record(work: Work, call: CallResource) -> CallRecord:
    async with work.store.begin() as db:
        found = await call_events.read(db, work.store.cipher.blind_index(call.sid))
    assert found
    return found


def a_call(work: Work, status: str, seconds: float = 0.0) -> CallResource:
    return CallResource(work.sender.number, PARENT, "", work.clock(), status=status, seconds=seconds)


async def test_a_silent_call_is_over_if_the_provider_says_so(work: Work) -> None:
    call, began = a_call(work, "completed", seconds=95), work.clock()
    await rings(work, call)
    work.clock.passes(9 * MINUTES)
    await work.maintenance.end_silent_calls()
    assert (await record(work, call)).ended is None, "it is not silent yet"
    work.clock.passes(2 * MINUTES)
    await work.maintenance.end_silent_calls()
    assert (await record(work, call)).ended == began + timedelta(seconds=95)


async def test_a_silent_call_that_goes_on_at_the_provider_goes_on(work: Work) -> None:
    call = a_call(work, "in-progress")
    await rings(work, call)
    work.clock.passes(60 * MINUTES)
    await work.maintenance.end_silent_calls()
    assert (await record(work, call)).ended is None


async def test_a_silent_call_that_the_provider_has_forgotten_ended_with_its_last_event(work: Work) -> None:
    call, began = a_call(work, "completed"), work.clock()
    await rings(work, call)
    work.twilio.calls.clear()
    work.clock.passes(11 * MINUTES)
    await work.maintenance.end_silent_calls()
    assert (await record(work, call)).ended == began


async def test_a_silent_call_of_which_nobody_can_tell_is_over_after_six_hours(work: Work) -> None:
    call, began = work.store.cipher.blind_index("CA1"), work.clock()
    async with work.store.begin() as db:
        await call_events.append(db, [call_event(call, began, sid=b"encrypted with a secret that is lost")])
    for hours, ended in ((5, None), (2, began)):
        work.clock.passes(hours * 60 * MINUTES)
        await work.maintenance.end_silent_calls()
        async with work.store.begin() as db:
            found = await call_events.read(db, call)
        assert found
        assert found.ended == ended


async def test_an_event_that_was_written_after_the_end_is_counted_by_the_worker(work: Work) -> None:
    call = work.store.cipher.blind_index("CA1")
    async with work.store.begin() as db:
        await call_events.end(db, call, None, work.clock())
        await call_events.append(db, [call_event(call, work.clock(), outcome="text")])
    assert await work.maintenance.settle_calls() == 1
    assert await work.maintenance.settle_calls() == 0
    async with work.store.begin() as db:
        counts = await daily_counts.read(db, work.clock().date(), work.clock().date())
    assert {what: n for (_, what), n in counts.items() if n} == {"call": 1, "call text": 1}


async def test_a_text_is_deleted_at_the_provider_after_a_week(work: Work) -> None:
    await work.enqueue()
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    work.clock.passes(6 * 86_400)
    assert await work.maintenance.delete_at_the_provider() == 0
    work.clock.passes(2 * 86_400)
    assert await work.maintenance.delete_at_the_provider() == 1
    assert not work.twilio.messages
    assert await work.maintenance.delete_at_the_provider() == 0


async def test_the_texts_of_whoever_is_erased_are_deleted_at_the_provider_at_once(work: Work) -> None:
    await work.enqueue()
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    async with work.store.begin() as db:
        await erase(db, work.store.cipher, PARENT, work.clock())
    await work.maintenance.delete_at_the_provider()
    assert not work.twilio.messages


async def test_calls_and_recordings_are_deleted_too(work: Work) -> None:
    work.twilio.deletable |= {"Calls/CA1", "Recordings/RE1"}
    async with work.store.begin() as db:
        for kind, sid in (("call", "CA1"), ("recording", "RE1")):
            await provider_resources.add(db, kind, sid, None, work.clock(), due=work.clock())
    assert await work.maintenance.delete_at_the_provider() == 2
    assert not work.twilio.deletable


async def test_a_deletion_that_fails_is_retried_with_back_off(work: Work) -> None:
    message = MessageResource(PARENT, work.sender.number, "Hello.", "", work.clock())  # it is still on its way
    work.twilio.messages.append(message)
    async with work.store.begin() as db:
        await provider_resources.add(db, "message", message.sid, None, work.clock(), due=work.clock())
    tries = 0
    for _ in range(60):
        tries += await work.maintenance.delete_at_the_provider()
        work.clock.passes(60)
    assert 4 <= tries <= 7
    message.set_status("delivered", work.clock())
    work.clock.passes(86_400)
    await work.maintenance.delete_at_the_provider()
    assert not work.twilio.messages


async def test_expired_texts_are_purged(work: Work) -> None:
    await work.enqueue()
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    work.clock.now += timedelta(days=6)
    await work.maintenance.purge()
    assert len(await work.texts()) == 1
    work.clock.now += timedelta(days=2)
    assert await work.maintenance.purge() == 0, "and then it rests for a day"
    assert await work.texts() == []
