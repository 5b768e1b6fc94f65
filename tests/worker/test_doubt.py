"""What the provider may have taken or not is found out; where nobody can tell, it is sent once more, and counted."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from ivr.simulator.twilio_api.faults import (
    CONNECTION_LOST,
    CONNECTION_LOST_BEFORE,
    GATEWAY_ERROR,
    LOST,
    NO_FAULT,
    NOT_JSON,
    SERVER_ERROR,
    Fault,
    rejection,
)
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.message import MessageResource
from ivr.store import daily_counts, sms_outbox
from ivr.store.sms_outbox import SmsState
from ivr.store.tables import provider_resources
from ivr.store.tables import sms_outbox as texts_table
from ivr.worker.reconcile import NOBODY_KNOWS
from tests.worker.conftest import PARENT, Work

UNTOLD = [
    Fault(fault.reply, delay=fault.delay, statuses=())
    for fault in (CONNECTION_LOST, SERVER_ERROR, NOT_JSON, GATEWAY_ERROR)
]
TOO_SLOW = Fault(delay=60, statuses=())


@pytest.mark.parametrize(
    "fault", [CONNECTION_LOST, SERVER_ERROR, NOT_JSON, GATEWAY_ERROR], ids=lambda fault: fault.reply.name
)
async def test_the_provider_tells_us_that_it_has_it(work: Work, fault: Fault) -> None:
    work.twilio.inject(fault)
    await work.promises()
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    assert (await work.text()).state == SmsState.delivered
    await work.seconds_pass(600, 30)
    assert len(work.twilio.messages) == 1


async def test_news_that_comes_while_we_wait_settles_it(work: Work) -> None:
    work.twilio.inject(UNTOLD[0])
    await work.promises()
    await work.outbox.send_due()
    assert (await work.text()).state == SmsState.unknown
    await work.twilio.post_status(work.twilio.messages[0], "delivered")
    assert (await work.text()).state == SmsState.delivered


@pytest.mark.parametrize("fault", [*UNTOLD, TOO_SLOW], ids=lambda fault: fault.reply.name)
async def test_without_news_it_is_found_in_the_list(work: Work, fault: Fault) -> None:
    work.twilio.inject(fault)
    await work.promises()
    work.provider.timeout = 0.05 if fault.delay else 10
    await work.outbox.send_due()
    assert (await work.text()).state == SmsState.unknown
    await work.seconds_pass(50)
    assert not any(asked.startswith("GET") for asked in work.twilio.requests)
    await work.seconds_pass(20)
    text = await work.text()
    assert (text.state, text.sid) == (SmsState.sent, work.twilio.messages[0].sid)
    await work.seconds_pass(600, 30)
    assert (len(work.twilio.messages), text.resent) == (1, 0)


async def test_what_the_list_says_of_it_is_what_became_of_it(work: Work) -> None:
    work.twilio.inject(UNTOLD[0])
    await work.promises()
    await work.outbox.send_due()
    work.twilio.messages[0].set_status("undelivered", work.clock(), 30006)
    await work.seconds_pass(70)
    text = await work.text()
    assert text.state == SmsState.failed
    assert text.reason == "this is a landline, or a network that cannot be reached (30006)"


async def test_what_never_came_there_is_sent_once_more_after_two_looks(work: Work) -> None:
    work.twilio.inject(CONNECTION_LOST_BEFORE)
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(110)
    assert not work.twilio.messages
    await work.seconds_pass(30)
    await work.twilio.callbacks_delivered()
    text = await work.text()
    assert (len(work.twilio.messages), text.state, text.resent, text.attempts) == (1, SmsState.delivered, 1, 2)


async def test_one_too_many_is_sent_only_where_nothing_can_tell_and_it_is_counted(work: Work) -> None:
    work.twilio.inject(LOST)
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(600, 30)
    assert len(work.twilio.messages) == 2
    day = daily_counts.day_of(work.clock())
    async with work.store.begin() as db:
        assert (await daily_counts.read(db, day, day))[day, "text resent"] == 1


async def test_it_is_never_sent_a_third_time(work: Work) -> None:
    work.twilio.inject(LOST, LOST, LOST)
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(3600, 300)
    text = await work.text()
    assert (len(work.twilio.messages), text.state, text.reason) == (2, SmsState.failed, NOBODY_KNOWS)


async def test_news_of_the_first_that_comes_late_holds_back_the_second(work: Work) -> None:
    work.twilio.inject(LOST)
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(110)
    await work.twilio.post_status(work.twilio.messages[0], "delivered")
    await work.seconds_pass(600, 30)
    assert (len(work.twilio.messages), (await work.text()).state) == (1, SmsState.delivered)


async def test_a_list_that_cannot_be_read_is_no_look(work: Work) -> None:
    work.twilio.inject(UNTOLD[0])
    await work.promises()
    await work.outbox.send_due()
    work.twilio.sid = "another"
    await work.seconds_pass(1800, 90)
    assert len(work.twilio.messages) == 1
    assert (await work.text()).state == SmsState.unknown
    work.twilio.sid = ACCOUNT_SID
    await work.seconds_pass(300, 20)
    assert (await work.text()).state == SmsState.sent
    assert len(work.twilio.messages) == 1


async def test_the_same_words_asked_for_twice_are_two_texts(work: Work) -> None:
    work.twilio.inject(NO_FAULT, UNTOLD[0], CONNECTION_LOST_BEFORE)
    for key in ("first", "second", "third"):
        await work.promises("The same.", key=key)
        await work.outbox.send_due()
        work.clock.passes(1)
    await work.twilio.callbacks_delivered()
    await work.seconds_pass(600, 30)
    sids = {text.sid for text in await work.texts()}
    assert len(work.twilio.messages) == 3
    assert sids == {message.sid for message in work.twilio.messages}


async def test_the_same_words_that_are_just_being_sent_are_not_taken_for_those_in_doubt(work: Work) -> None:
    work.twilio.inject(CONNECTION_LOST_BEFORE, Fault(statuses=()))
    await work.promises("The same.", key="first")
    await work.outbox.send_due()
    await work.promises("The same.", key="second")
    other = await work.takes_one(timedelta(hours=1))
    accepted = await work.provider.send(PARENT, "The same.", work.sender.number, work.sender.status_url(other.id))
    await work.seconds_pass(300, 30)
    assert {text.state for text in await work.texts()} == {SmsState.unknown, SmsState.sending}
    async with work.store.begin() as db:
        await sms_outbox.sent(db, other.id, accepted.sid, work.clock())
    await work.seconds_pass(300, 30)
    await work.twilio.callbacks_delivered()
    assert (len(work.twilio.messages), sorted(text.resent for text in await work.texts())) == (2, [0, 1])


async def test_somebody_elses_words_are_not_ours(work: Work) -> None:
    work.twilio.inject(CONNECTION_LOST_BEFORE)
    await work.promises("Ours.")
    await work.outbox.send_due()
    old = work.clock().replace(year=2025)
    for to, body, created in [(PARENT, "Other.", work.clock()), ("+447700900124", "Ours.", work.clock())]:
        work.twilio.messages.append(MessageResource(to, work.sender.number, body, "", created))
    work.twilio.messages.append(MessageResource(PARENT, work.sender.number, "Ours.", "", old))
    await work.seconds_pass(300, 20)
    assert [message.body for message in work.twilio.messages] == ["Other.", "Ours.", "Ours.", "Ours."]
    assert (await work.text()).resent == 1


async def test_what_a_dead_worker_was_sending_is_looked_for(work: Work) -> None:
    await work.promises()
    await work.takes_one(work.sender.patience)  # by a worker that dies before or after it has sent it
    await work.seconds_pass(50)
    assert not work.twilio.messages
    await work.seconds_pass(300, 20)
    await work.twilio.callbacks_delivered()
    assert (len(work.twilio.messages), (await work.text()).state) == (1, SmsState.delivered)


async def test_a_refusal_of_the_second_attempt_is_a_refusal(work: Work) -> None:
    work.twilio.inject(CONNECTION_LOST_BEFORE, rejection(21614))
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(300, 20)
    assert (await work.text()).reason == "this is not a mobile number (21614)"


async def test_a_text_that_a_restored_backup_still_wants_to_send_is_found_and_not_sent_again(work: Work) -> None:
    await work.promises()
    async with work.store.begin() as db:
        backup = dict((await db.execute(select(texts_table))).mappings().one())
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    async with work.store.begin() as db:
        await db.execute(delete(provider_resources))
        await db.execute(update(texts_table).values(backup))
    await work.seconds_pass(86_400, 86_400)
    await work.seconds_pass(600, 30)
    text = await work.text()
    assert (len(work.twilio.messages), text.state, text.attempts) == (1, SmsState.delivered, 0)


async def test_a_text_for_which_no_worker_came_for_hours_is_sent_once_and_not_counted_as_doubled(work: Work) -> None:
    await work.promises()
    await work.seconds_pass(7200, 7200)
    await work.seconds_pass(300, 30)
    await work.twilio.callbacks_delivered()
    text = await work.text()
    assert (len(work.twilio.messages), text.state, text.attempts, text.resent) == (1, SmsState.delivered, 1, 0)
