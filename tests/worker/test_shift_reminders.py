"""The worker reminds advisers of their shifts: outside quiet hours, by a clock that can be believed, if it is to."""

import asyncio

import pytest

from ivr.config import Settings
from ivr.content_source import ContentSource
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store
from ivr.store.shift_reminders import ReminderRules
from ivr.store.sms_states import SmsState
from ivr.wiring import build_shift_reminders
from ivr.worker import scheduler
from ivr.worker.clock_check import ClockCheck
from ivr.worker.shift_reminders import ShiftReminders
from tests.store.fixtures import DAY, HOUR
from tests.store.shift_driver import JO, WORDS, Shifts, at
from tests.web.webhooks import SETTINGS
from tests.worker.conftest import Clock, Work
from tests.worker.test_clock_check import Machine
from tests.worker.test_scheduler import until

RULES = ReminderRules(20 * HOUR, None, WORDS)
TEXTING = SETTINGS.model_copy(update={"account_sid": ACCOUNT_SID, "sms_from": SENDER})


async def jo(store: Store) -> Shifts:
    """Jo, with a shift every morning."""
    made = Shifts(store)
    await made.adviser(**dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-13:00"))
    return made


async def test_a_text_goes_out_on_the_afternoon_before(work: Work) -> None:
    await jo(work.store)
    task = ShiftReminders(work.store, lambda: RULES, work.clock, work.clock_check)
    for hour, sent in ((10, 0), (13, 1), (14, 1)):
        work.clock.now = at(23, hour)
        await task.remind()
        await work.outbox.send_due()
        await work.twilio.callbacks_delivered()
        assert [message.to for message in work.twilio.messages] == [JO] * sent
    assert (await work.text()).state == SmsState.delivered


@pytest.mark.parametrize(("hour", "texts"), [(18, 1), (19, 0), (23, 0)])
async def test_in_quiet_hours_nobody_is_texted(work: Work, hour: int, texts: int) -> None:
    shifts = await jo(work.store)
    work.clock.now = at(23, hour)
    await ShiftReminders(work.store, lambda: RULES, work.clock, work.clock_check).remind()
    assert len(await shifts.texts()) == texts


async def test_by_a_wrong_clock_nobody_is_reminded(store: Store) -> None:
    shifts, machine = await jo(store), Machine(store)
    assert await machine.check.is_plausible()
    machine.clock.now += 21 * DAY + 5 * HOUR
    task = ShiftReminders(store, lambda: RULES, machine.clock, machine.check)
    await task.remind()
    assert await shifts.texts() == []
    machine.clock.now = machine.true.now = at(23, 14)
    machine.restarts()
    await ShiftReminders(store, lambda: RULES, machine.clock, machine.check).remind()
    assert len(await shifts.texts()) == 1


async def test_the_worker_reminds_while_it_works(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "SECOND", 0.005)
    await jo(work.store)
    work.clock.now = at(23, 14)
    stop, task = asyncio.Event(), ShiftReminders(work.store, lambda: RULES, work.clock, work.clock_check)
    working = asyncio.create_task(scheduler.work(work.store, work.provider, work.sender, work.clock, stop, shifts=task))
    await until(lambda: len(work.twilio.messages) == 1)
    stop.set()
    await working


@pytest.mark.parametrize(
    ("settings", "reminds"),
    [
        (TEXTING, True),
        (TEXTING.model_copy(update={"remind_of_shifts": 0}), False),
        (SETTINGS, False),
    ],
    ids=["as it comes", "never", "no number to text from"],
)
async def test_the_settings_say_whether_anybody_is_reminded(store: Store, settings: Settings, reminds: bool) -> None:
    check = ClockCheck(store, Clock(), asks_server=False)
    made = build_shift_reminders(settings, store, ContentSource(settings.content), check)
    assert (made is not None) is reminds
