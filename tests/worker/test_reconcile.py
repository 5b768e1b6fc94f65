"""Nothing promised is lost: what the provider may have taken is looked for, and what it has not is sent again."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise, repeat
from random import Random

import pytest

from ivr.simulator.twilio_api.faults import (
    CONNECTION_LOST,
    CONNECTION_LOST_BEFORE,
    LOST,
    NO_FAULT,
    NOT_JSON,
    Fault,
    Reply,
    rejection,
)
from ivr.store import opt_outs, sms_outbox
from ivr.store.sms_results import OF_USE
from ivr.store.sms_states import SmsState
from ivr.telephony.provider_errors import Indeterminate
from ivr.telephony.rest import Provider
from tests.worker.conftest import PARENT, Work

TAKEN_SILENTLY = Fault(CONNECTION_LOST.reply, statuses=())
SERVER_ERROR_BEFORE = Fault(Reply.SERVER_ERROR, accepted=False)
GATEWAY_ERROR_BEFORE = Fault(Reply.HTML_ERROR, accepted=False)
NOT_TAKEN = (SERVER_ERROR_BEFORE, GATEWAY_ERROR_BEFORE, CONNECTION_LOST_BEFORE)
PATIENCE = 60


async def test_what_was_taken_without_an_answer_is_found_and_not_sent_again(work: Work) -> None:
    work.twilio.inject(TAKEN_SILENTLY)
    await work.enqueue()
    await work.outbox.send_due()
    assert (await work.text()).state == SmsState.unknown
    await work.seconds_pass(3600, 60)
    assert len(work.twilio.messages) == 1
    text = await work.text()
    assert (text.state, text.sid, text.resent) == (SmsState.sent, work.twilio.messages[0].sid, 0)


async def test_the_status_callback_settles_it_before_anybody_looks(work: Work) -> None:
    work.twilio.inject(NOT_JSON)
    await work.enqueue()
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    assert (await work.text()).state == SmsState.delivered
    await work.seconds_pass(600, 60)
    assert len(work.about_texts) == 1


async def test_it_is_looked_for_twice_after_patience_before_it_is_sent_again(work: Work) -> None:
    work.twilio.inject(CONNECTION_LOST_BEFORE)
    await work.enqueue()
    await work.outbox.send_due()
    await work.seconds_pass(PATIENCE - 10)
    assert len(work.about_texts) == 1
    await work.seconds_pass(PATIENCE)
    lists = [request for request in work.about_texts if request.startswith("GET")]
    assert (len(lists), len(work.twilio.messages)) == (1, 0)
    await work.seconds_pass(PATIENCE)
    assert len(work.twilio.messages) == 1


@pytest.mark.parametrize("fault", NOT_TAKEN, ids=str)
@pytest.mark.parametrize("minutes", [3, 24 * 60])
async def test_an_outage_loses_and_doubles_no_text_however_long_it_is(work: Work, fault: Fault, minutes: int) -> None:
    work.twilio.inject_from(repeat(fault))
    for n in range(2):
        await work.enqueue(f"Text {n}.")
    await work.outbox.send_due()
    await work.seconds_pass(minutes * 60, step=minutes * 6)
    assert work.twilio.messages == []
    work.twilio.inject_from(repeat(NO_FAULT))
    await work.seconds_pass(2 * 3600, step=600)
    assert Counter(message.body for message in work.twilio.messages) == {f"Text {n}.": 1 for n in range(2)}


@pytest.mark.parametrize("seed", range(3))
async def test_any_run_of_refusals_ends_with_each_text_sent_once(work: Work, seed: int) -> None:
    refusals = *NOT_TAKEN, rejection(20503, 503), rejection(20429, 429), NO_FAULT
    work.twilio.inject(*Random(seed).choices(refusals, k=12))  # noqa: S311  it keeps no secret
    for n in range(3):
        await work.enqueue(f"Text {n}.")
    await work.seconds_pass(12 * 3600, step=1200)
    assert Counter(message.body for message in work.twilio.messages) == {f"Text {n}.": 1 for n in range(3)}


async def test_a_text_that_is_not_taken_is_sent_again_later_and_later(work: Work) -> None:
    work.twilio.inject_from(repeat(CONNECTION_LOST_BEFORE))
    await work.enqueue()
    sendings: list[datetime] = []
    while len(sendings) < 6:
        before = len(work.about_texts)
        await work.outbox.send_due()
        await work.reconciler.look_up()
        sendings += [work.clock() for request in work.about_texts[before:] if request.startswith("POST")]
        work.clock.passes(60)
    waits = [(later - one).total_seconds() / 60 for one, later in pairwise(sendings)]
    assert waits == sorted(waits)
    assert waits[0] <= 4
    assert 16 <= waits[-1] <= 24


async def test_what_is_of_no_use_any_more_is_given_up_with_what_was_the_matter(work: Work) -> None:
    work.twilio.inject_from(repeat(SERVER_ERROR_BEFORE))
    await work.enqueue()
    await work.outbox.send_due()
    await work.seconds_pass(int(OF_USE.total_seconds()), step=4 * 3600)
    assert (await work.text()).state != SmsState.failed
    await work.seconds_pass(8 * 3600, step=3600)
    text = await work.text()
    assert (text.state, text.reason) == (SmsState.failed, f"{sms_outbox.TOO_LATE}: the provider answered 500")
    assert text.resent > 3


async def test_one_that_was_taken_and_forgotten_is_sent_again_as_nobody_can_tell(work: Work) -> None:
    work.twilio.inject(LOST)
    await work.enqueue()
    await work.seconds_pass(600)
    await work.twilio.callbacks_delivered()
    assert len(work.twilio.messages) == 2
    assert ((await work.text()).resent, (await work.text()).state) == (1, SmsState.delivered)


async def test_a_list_that_cannot_be_read_does_not_say_that_a_text_is_not_in_it(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find(*_: object) -> None:
        raise Indeterminate("the provider answered 500")

    work.twilio.inject(TAKEN_SILENTLY)
    await work.enqueue()
    await work.outbox.send_due()
    with monkeypatch.context() as broken:
        broken.setattr(Provider, "find", find)
        await work.seconds_pass(24 * 3600, step=7200)
        assert (await work.text()).state == SmsState.unknown
    await work.seconds_pass(3600, step=300)
    assert ((await work.text()).state, len(work.twilio.messages)) == (SmsState.sent, 1)


async def test_a_list_that_is_never_read_again_ends_in_a_reason(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    async def find(*_: object) -> None:
        raise Indeterminate("the provider answered 500")

    monkeypatch.setattr(Provider, "find", find)
    work.twilio.inject(TAKEN_SILENTLY)
    await work.enqueue()
    await work.outbox.send_due()
    work.clock.now += OF_USE + timedelta(hours=23)
    await work.seconds_pass(600, step=300)
    assert (await work.text()).state == SmsState.unknown
    work.clock.now += timedelta(hours=2)
    await work.seconds_pass(600, step=300)
    assert ((await work.text()).state, (await work.text()).sid) == (SmsState.failed, None)
    assert (await work.text()).reason.startswith(sms_outbox.NOBODY_KNOWS)  # type: ignore[union-attr]


async def test_an_unreadable_list_is_asked_for_one_text_and_not_for_all(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def find(*_: object) -> None:
        nonlocal asked
        asked += 1
        raise Indeterminate("the provider answered 500")

    monkeypatch.setattr(Provider, "find", find)
    work.twilio.inject_from(repeat(TAKEN_SILENTLY))
    for n in range(10):
        await work.enqueue(f"Text {n}.")
    await work.outbox.send_due()
    work.clock.passes(PATIENCE + 1)
    await work.reconciler.look_up()
    assert asked == 1


async def test_each_of_two_texts_with_the_same_words_is_found(work: Work) -> None:
    work.twilio.inject(TAKEN_SILENTLY, TAKEN_SILENTLY)
    await work.enqueue(key="one")
    await work.enqueue(key="another")
    await work.seconds_pass(3600, 60)
    texts = await work.texts()
    assert {text.state for text in texts} == {SmsState.sent}
    assert {text.sid for text in texts} == {message.sid for message in work.twilio.messages}
    assert len(work.twilio.messages) == 2


async def test_the_first_of_several_sendings_is_found_however_late_it_is_listed(work: Work) -> None:
    work.twilio.inject(LOST, CONNECTION_LOST_BEFORE, CONNECTION_LOST_BEFORE)
    await work.enqueue()
    await work.seconds_pass(10 * 60, 30)
    assert len(work.twilio.messages) == 1
    work.twilio.messages[0].listed = True
    await work.seconds_pass(3600, 60)
    assert len(work.twilio.messages) == 1
    assert (await work.text()).sid == work.twilio.messages[0].sid


async def test_a_failure_that_passes_is_sent_again_whichever_way_it_is_told(work: Work) -> None:
    work.twilio.inject(Fault(CONNECTION_LOST.reply, statuses=("failed",), error_code=30002))
    await work.enqueue()
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    assert ((await work.text()).state, (await work.text()).sid) == (SmsState.waiting, None)
    await work.seconds_pass(600, 60)
    await work.twilio.callbacks_delivered()
    assert ((await work.text()).state, len(work.twilio.messages)) == (SmsState.delivered, 2)


@pytest.mark.parametrize("way", ["answer", "callback", "list"])
async def test_a_stop_is_one_whichever_way_the_provider_tells_it(work: Work, way: str) -> None:
    undelivered = Fault(statuses=("undelivered",), error_code=21610)
    await work.enqueue()
    match way:
        case "answer":
            work.twilio.opted_out.add(PARENT)
        case "callback":
            work.twilio.inject(undelivered)
        case "list":
            work.twilio.inject(TAKEN_SILENTLY)
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    if way == "list":
        work.twilio.messages[0].set_status("undelivered", work.clock(), 21610)
        await work.seconds_pass(3 * PATIENCE)
    assert ((await work.text()).state, (await work.text()).reason) == (SmsState.failed, "they said STOP (21610)")
    async with work.store.begin() as db:
        assert await opt_outs.is_opted_out(db, work.store.cipher.blind_index(PARENT))
        assert await opt_outs.is_held_by_provider(db, work.store.cipher.blind_index(PARENT))


async def test_one_that_was_due_long_ago_is_looked_for_before_it_is_sent(work: Work) -> None:
    await work.enqueue()
    await work.provider.send(PARENT, "Hello.", work.sender.number, "https://helpline.example/sms/status?t=lost")
    work.clock.passes(2 * 3600)
    await work.seconds_pass(600, 60)
    assert len(work.twilio.messages) == 1
    assert (await work.text()).state == SmsState.delivered or (await work.text()).sid == work.twilio.messages[0].sid


async def test_one_that_was_due_long_ago_and_is_not_there_is_sent(work: Work) -> None:
    await work.enqueue()
    work.clock.passes(2 * 3600)
    await work.seconds_pass(600, 60)
    assert len(work.twilio.messages) == 1
    assert ((await work.text()).resent, (await work.text()).attempts) == (0, 1)
