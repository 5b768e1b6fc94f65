"""What was promised is sent: once, and whatever happens to it is known to staff."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, repeat

import pytest

from ivr.engine.effects import ScheduleReminders
from ivr.errors import DatabaseUnavailable
from ivr.simulator.twilio_api.faults import CONNECTION_LOST_BEFORE, NO_FAULT, Fault, rejection
from ivr.store import daily_counts, opt_outs, reminders, sms_outbox, sms_results
from ivr.store.sms_results import OF_USE
from ivr.store.sms_states import SmsState
from ivr.telephony.rest import Provider
from ivr.worker.outbox import Outbox
from tests.worker.conftest import PARENT, QUOTAS, Work

SILENTLY = Fault(statuses=())


async def test_a_promised_text_is_sent_with_the_words_that_were_promised(work: Work) -> None:
    work.twilio.inject(SILENTLY)
    await work.enqueue("Ring us.")
    assert await work.outbox.send_due() == 1
    [message] = work.twilio.messages
    assert (message.to, message.sender, message.body) == (PARENT, work.sender.number, "Ring us.")
    text = await work.text()
    assert (text.state, text.sid, text.attempts) == (SmsState.sent, message.sid, 1)


async def test_nothing_to_send_is_nothing_sent(work: Work) -> None:
    assert await work.outbox.send_due() == 0
    assert not work.about_texts


async def test_it_is_not_sent_again(work: Work) -> None:
    await work.enqueue()
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    await work.seconds_pass(3600, 300)
    assert len(work.twilio.messages) == 1
    assert (await work.text()).state == SmsState.delivered


@pytest.mark.parametrize(
    ("news", "state"),
    [
        (("sent",), SmsState.sent),
        (("queued", "sending", "sent", "delivered"), SmsState.delivered),
        (("delivered", "sent", "queued"), SmsState.delivered),
        (("sent", "sent", "delivered", "delivered"), SmsState.delivered),
        (("sent", "undelivered"), SmsState.failed),
        (("failed", "sent"), SmsState.failed),
    ],
)
async def test_news_may_come_doubled_and_in_any_order(work: Work, news: tuple[str, ...], state: SmsState) -> None:
    work.twilio.inject(Fault(statuses=news, error_code=30005))
    await work.enqueue()
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    text = await work.text()
    assert text.state == state
    assert text.reason == ("nobody has this number (30005)" if state == SmsState.failed else None)


async def test_news_that_comes_before_the_answer_settles_it(work: Work) -> None:
    work.twilio.inject(Fault(delay=0.05))
    await work.enqueue()
    sending = asyncio.create_task(work.outbox.send_due())
    while not work.twilio.messages:
        await asyncio.sleep(0)
    await work.twilio.callbacks_delivered()
    assert (await work.text()).state == SmsState.delivered
    await sending
    assert (await work.text()).state == SmsState.delivered


async def test_the_attempt_is_on_disk_before_the_provider_is_asked(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    states = []

    async def send(*_: object) -> None:
        states.append((await work.text()).state)
        raise KeyError

    monkeypatch.setattr(Provider, "send", send)
    await work.enqueue()
    with pytest.raises(KeyError):
        await work.outbox.send_due()
    assert states == [SmsState.sending]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (21211, "this is not a telephone number (21211)"),
        (21614, "this is not a mobile number (21614)"),
        (21612, "our number cannot text this one (21612)"),
        (30007, "the text was taken for spam and held back (30007)"),
        (29999, "the provider says only: 29999"),
    ],
)
async def test_a_refusal_ends_it_with_a_reason_that_staff_can_read(work: Work, code: int, reason: str) -> None:
    work.twilio.inject(rejection(code))
    await work.enqueue()
    await work.outbox.send_due()
    await work.seconds_pass(3600, 300)
    text = await work.text()
    assert (text.state, text.reason, text.attempts) == (SmsState.failed, reason, 1)


async def test_a_refusal_for_a_stop_we_did_not_hear_of_counts_as_one(work: Work) -> None:
    work.twilio.opted_out.add(PARENT)
    await work.enqueue()
    await work.outbox.send_due()
    async with work.store.begin() as db:
        assert await opt_outs.is_opted_out(db, work.store.cipher.blind_index(PARENT))
    assert (await work.text()).reason == "they said STOP (21610)"
    await work.enqueue("Another.")
    assert len(await work.texts()) == 1


async def test_a_stop_we_did_not_hear_of_ends_reminders_for_good(work: Work) -> None:
    effect = ScheduleReminders(PARENT, "deadline", ((work.clock() + timedelta(days=7), "A week to go."),))
    async with work.store.begin() as db:
        await reminders.schedule(db, work.store.cipher, "key", effect, work.clock(), QUOTAS)
    work.twilio.opted_out.add(PARENT)
    await work.enqueue()
    await work.outbox.send_due()
    async with work.store.begin() as db:
        assert await reminders.cancel(db, work.store.cipher, PARENT) == 0


@pytest.mark.parametrize("code", [20003, 20005, 21606, 21609, 30002])
async def test_no_text_is_lost_by_a_mistake_of_ours(work: Work, code: int) -> None:
    work.twilio.inject(rejection(code, 401 if code == 20003 else 400))
    await work.enqueue()
    await work.outbox.send_due()
    assert (await work.text()).state == SmsState.waiting
    await work.seconds_pass(10)
    assert (await work.text()).state in (SmsState.sent, SmsState.delivered)


async def test_while_the_provider_takes_none_it_is_asked_later_and_later(work: Work) -> None:
    work.twilio.inject(*[rejection(20503, 503)] * 6)
    await work.enqueue()
    asked = []
    while not work.twilio.messages:
        before = len(work.about_texts)
        await work.outbox.send_due()
        asked += [work.clock()] * (len(work.about_texts) - before)
        work.clock.passes(1 if len(asked) < 5 else 8)
    assert [(later - one).seconds for one, later in pairwise(asked)] == [1, 2, 4, 8, 16, 32]


async def test_what_concerns_one_country_holds_up_no_other_text(work: Work) -> None:
    work.twilio.inject(rejection(21408))
    await work.enqueue("One.")
    await work.outbox.send_due()
    await work.enqueue("Another.", to="+447700900456")
    assert await work.outbox.send_due() == 1
    assert [message.body for message in work.twilio.messages] == ["Another."]
    reasons = {text.reason for text in await work.texts()}
    assert reasons == {None, "our account at the provider may not text this country"}


@pytest.mark.parametrize(
    "refusal", [rejection(20429, 429), rejection(20003, 401), rejection(20503, 503), rejection(21606)], ids=str
)
async def test_what_the_provider_refuses_to_all_counts_against_none(work: Work, refusal: Fault) -> None:
    for n in range(4):
        await work.enqueue(f"Text {n}.")
    due = [text.due for text in await work.texts()]
    work.twilio.inject_from(repeat(refusal))
    await work.seconds_pass(30 * 60, step=60)
    texts = await work.texts()
    assert {(text.state, text.attempts) for text in texts} == {(SmsState.waiting, 0)}
    assert [text.due for text in texts] == due
    assert len(work.about_texts) < 20, "one text at a time is tried"
    work.twilio.inject_from(repeat(NO_FAULT))
    await work.seconds_pass(8 * 60, step=60)
    await work.twilio.callbacks_delivered()
    assert {(text.state, text.attempts) for text in await work.texts()} == {(SmsState.delivered, 1)}


async def test_that_all_texts_wait_is_logged_with_the_reason(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    work.twilio.inject(rejection(20003, 401))
    await work.enqueue()
    await work.outbox.send_due()
    reason = "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not belong together"
    assert f"all texts wait: seconds=1 reason='{reason}'" in caplog.messages


async def test_what_cannot_be_sent_while_it_is_of_use_is_given_up_with_a_reason(work: Work) -> None:
    work.twilio.inject_from(repeat(rejection(20503, 503)))
    await work.enqueue()
    began = work.clock()
    await work.outbox.send_due()
    work.clock.now += OF_USE
    await work.seconds_pass(600, 60)
    text = await work.text()
    assert text.state == SmsState.failed
    assert text.reason == f"{sms_outbox.TOO_LATE}: the provider cannot serve us now"
    async with work.store.begin() as db:
        counted = await daily_counts.read(db, began.date(), work.clock().date())
    assert [n for (_, what), n in counted.items() if what == "text given_up" and n] == [1]


async def test_who_is_told_to_be_slower_sends_nothing_until_then(work: Work) -> None:
    work.twilio.inject(rejection(20429, 429, retry_after=300))
    await work.enqueue("One.")
    await work.outbox.send_due()
    await work.enqueue("Two.")
    assert await work.outbox.send_due() == 0
    asked = len(work.about_texts)
    await work.seconds_pass(290)
    assert (len(work.about_texts), work.twilio.messages) == (asked, [])
    await work.seconds_pass(20)
    assert sorted(message.body for message in work.twilio.messages) == ["One.", "Two."]


async def test_those_in_the_same_batch_wait_too(work: Work) -> None:
    work.twilio.inject(rejection(20429, 429, retry_after=300))
    for n in range(5):
        await work.enqueue(f"Text {n}.")
    slowly = Outbox(work.store, work.provider, replace(work.sender, per_second=20), work.clock)
    await slowly.send_due()
    assert len(work.about_texts) == 1
    assert {text.state for text in await work.texts()} == {SmsState.waiting}


async def test_two_workers_never_send_the_same(work: Work) -> None:
    work.twilio.inject(*[SILENTLY] * 40)
    for n in range(40):
        await work.enqueue(f"Text {n}.")
    other = Outbox(work.store, work.provider, work.sender, work.clock)
    await asyncio.gather(*(outbox.send_due() for outbox in (work.outbox, other, work.outbox, other)))
    assert set(Counter(message.body for message in work.twilio.messages).values()) == {1}
    assert len(work.twilio.messages) == 40


async def test_one_that_goes_wrong_holds_up_no_other(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(4):
        await work.enqueue(f"Text {n}.")
    settle = sms_results.sent

    async def sent(db: object, id: str, sid: str, now: object) -> None:
        if any(message.sid == sid and message.body == "Text 1." for message in work.twilio.messages):
            raise DatabaseUnavailable("full")
        await settle(db, id, sid, now)  # type: ignore[arg-type]

    monkeypatch.setattr(sms_results, "sent", sent)
    work.twilio.inject(*[SILENTLY] * 4)
    with pytest.raises(DatabaseUnavailable):
        await work.outbox.send_due()
    assert sorted(text.state for text in await work.texts()) == [SmsState.sending, *[SmsState.sent] * 3]


async def test_a_machine_that_slept_leaves_its_texts_to_the_others(work: Work) -> None:
    await work.enqueue()
    outbox = Outbox(work.store, work.provider, work.sender, Slept(work), work.clock_check)
    await outbox.send_due()
    assert not work.twilio.messages
    assert (await work.text()).state == SmsState.sending


async def test_a_machine_that_slept_while_asking_does_not_undo_what_others_did(work: Work) -> None:
    work.twilio.inject(CONNECTION_LOST_BEFORE, NO_FAULT)
    await work.enqueue()
    outbox = Outbox(work.store, work.provider, work.sender, Slept(work, after=2), work.clock_check)
    await outbox.send_due()
    assert (await work.text()).state == SmsState.sending


class Slept:
    """A clock that was looked at, and an hour later again."""

    def __init__(self, work: Work, after: int = 1) -> None:
        self.work, self.after, self.looks = work, after, 0

    def __call__(self) -> datetime:
        self.looks += 1
        return self.work.clock() + timedelta(hours=1 if self.looks > self.after else 0)


async def test_a_text_that_was_promised_while_the_clock_was_ahead_does_not_wait_for_that_hour(work: Work) -> None:
    await work.enqueue()
    work.clock.now -= timedelta(hours=2)
    assert await work.outbox.send_due() == 1


async def test_a_clock_that_is_set_back_after_texts_were_sent_holds_up_no_others(work: Work) -> None:
    for n in range(60):
        await work.enqueue(f"Text {n}.")
    while await work.outbox.send_due():
        work.clock.now += timedelta(seconds=6)
    await work.twilio.callbacks_delivered()
    work.clock.now -= timedelta(hours=2)
    await work.enqueue("One more.")
    assert await work.outbox.send_due() == 1


async def test_being_told_to_be_slower_ends_when_the_clock_is_set_back(work: Work) -> None:
    work.twilio.inject(rejection(20429, 429, retry_after=300))
    await work.enqueue()
    await work.outbox.send_due()
    work.clock.now -= timedelta(hours=2)
    assert await work.outbox.send_due() == 1


async def test_what_a_worker_died_with_is_not_held_until_a_clock_that_was_ahead(work: Work) -> None:
    await work.enqueue()
    await work.claims_one(timedelta(minutes=1))
    work.clock.now -= timedelta(hours=2)
    await work.outbox.send_due()
    assert (await work.text()).state == SmsState.unknown


async def test_clocks_of_two_machines_that_differ_a_little_change_nothing(work: Work) -> None:
    await work.enqueue()
    await work.claims_one(timedelta(minutes=1))
    work.clock.now -= timedelta(minutes=1)
    await work.outbox.send_due()
    assert (await work.text()).state == SmsState.sending


async def test_a_clock_that_cannot_be_believed_gives_nothing_up_and_sends_what_is_due(work: Work) -> None:
    work.twilio.inject(rejection(20503, 503))
    await work.enqueue()
    await work.outbox.send_due()
    right = work.clock.now
    work.twilio.clock = lambda: right
    work.clock.now += timedelta(days=20)
    await work.seconds_pass(600, 60)
    assert (await work.text()).state in (SmsState.sent, SmsState.delivered)
