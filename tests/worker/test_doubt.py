"""What the provider may have taken or not is found out; where nobody can tell, it is sent once more, and counted."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from ivr.phone.office import ACCOUNT
from ivr.phone.office_manner import (
    BABBLES,
    BREAKS,
    CUTS_OFF,
    CUTS_OFF_BEFORE,
    FORGETS,
    GATEWAY_DOWN,
    PROPERLY,
    Manner,
    refuses,
)
from ivr.phone.office_message import Message
from ivr.store import counts, texts
from ivr.store.tables import resources
from ivr.store.tables import texts as texts_table
from ivr.store.texts import State
from ivr.worker.doubt import NOBODY_KNOWS
from tests.worker.conftest import PARENT, Work

UNTOLD = [Manner(manner.answer, wait=manner.wait, news=()) for manner in (CUTS_OFF, BREAKS, BABBLES, GATEWAY_DOWN)]
TOO_SLOW = Manner(wait=60, news=())


@pytest.mark.parametrize("manner", [CUTS_OFF, BREAKS, BABBLES, GATEWAY_DOWN], ids=lambda manner: manner.answer.name)
async def test_the_provider_tells_us_that_it_has_it(work: Work, manner: Manner) -> None:
    work.office.behaves(manner)
    await work.promises()
    await work.outbox.send_due()
    await work.office.has_told()
    assert (await work.text()).state == State.delivered
    await work.seconds_pass(600, 30)
    assert len(work.office.messages) == 1


async def test_news_that_comes_while_we_wait_settles_it(work: Work) -> None:
    work.office.behaves(UNTOLD[0])
    await work.promises()
    await work.outbox.send_due()
    assert (await work.text()).state == State.unknown
    await work.office.tells(work.office.messages[0], "delivered")
    assert (await work.text()).state == State.delivered


@pytest.mark.parametrize("manner", [*UNTOLD, TOO_SLOW], ids=lambda manner: manner.answer.name)
async def test_without_news_it_is_found_in_the_list(work: Work, manner: Manner) -> None:
    work.office.behaves(manner)
    await work.promises()
    work.provider.timeout = 0.05 if manner.wait else 10
    await work.outbox.send_due()
    assert (await work.text()).state == State.unknown
    await work.seconds_pass(50)
    assert not any(asked.startswith("GET") for asked in work.office.asked)
    await work.seconds_pass(20)
    text = await work.text()
    assert (text.state, text.sid) == (State.sent, work.office.messages[0].sid)
    await work.seconds_pass(600, 30)
    assert (len(work.office.messages), text.doubled) == (1, 0)


async def test_what_the_list_says_of_it_is_what_became_of_it(work: Work) -> None:
    work.office.behaves(UNTOLD[0])
    await work.promises()
    await work.outbox.send_due()
    work.office.messages[0].becomes("undelivered", work.clock(), 30006)
    await work.seconds_pass(70)
    text = await work.text()
    assert text.state == State.failed
    assert text.reason == "this is a landline, or a network that cannot be reached (30006)"


async def test_what_never_came_there_is_sent_once_more_after_two_looks(work: Work) -> None:
    work.office.behaves(CUTS_OFF_BEFORE)
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(110)
    assert not work.office.messages
    await work.seconds_pass(30)
    await work.office.has_told()
    text = await work.text()
    assert (len(work.office.messages), text.state, text.doubled, text.attempts) == (1, State.delivered, 1, 2)


async def test_one_too_many_is_sent_only_where_nothing_can_tell_and_it_is_counted(work: Work) -> None:
    work.office.behaves(FORGETS)
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(600, 30)
    assert len(work.office.messages) == 2
    day = counts.day_of(work.clock())
    async with work.store.begin() as db:
        assert (await counts.read(db, day, day))[day, "text doubled"] == 1


async def test_it_is_never_sent_a_third_time(work: Work) -> None:
    work.office.behaves(FORGETS, FORGETS, FORGETS)
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(3600, 300)
    text = await work.text()
    assert (len(work.office.messages), text.state, text.reason) == (2, State.failed, NOBODY_KNOWS)


async def test_news_of_the_first_that_comes_late_holds_back_the_second(work: Work) -> None:
    work.office.behaves(FORGETS)
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(110)
    await work.office.tells(work.office.messages[0], "delivered")
    await work.seconds_pass(600, 30)
    assert (len(work.office.messages), (await work.text()).state) == (1, State.delivered)


async def test_a_list_that_cannot_be_read_is_no_look(work: Work) -> None:
    work.office.behaves(UNTOLD[0])
    await work.promises()
    await work.outbox.send_due()
    work.office.account = "another"
    await work.seconds_pass(1800, 90)
    assert len(work.office.messages) == 1
    assert (await work.text()).state == State.unknown
    work.office.account = ACCOUNT
    await work.seconds_pass(300, 20)
    assert (await work.text()).state == State.sent
    assert len(work.office.messages) == 1


async def test_the_same_words_asked_for_twice_are_two_texts(work: Work) -> None:
    work.office.behaves(PROPERLY, UNTOLD[0], CUTS_OFF_BEFORE)
    for key in ("first", "second", "third"):
        await work.promises("The same.", key=key)
        await work.outbox.send_due()
        work.clock.passes(1)
    await work.office.has_told()
    await work.seconds_pass(600, 30)
    sids = {text.sid for text in await work.texts()}
    assert len(work.office.messages) == 3
    assert sids == {message.sid for message in work.office.messages}


async def test_the_same_words_that_are_just_being_sent_are_not_taken_for_those_in_doubt(work: Work) -> None:
    work.office.behaves(CUTS_OFF_BEFORE, Manner(news=()))
    await work.promises("The same.", key="first")
    await work.outbox.send_due()
    await work.promises("The same.", key="second")
    other = await work.takes_one(timedelta(hours=1))
    accepted = await work.provider.send(PARENT, "The same.", work.sender.number, work.sender.status_url(other.id))
    await work.seconds_pass(300, 30)
    assert {text.state for text in await work.texts()} == {State.unknown, State.sending}
    async with work.store.begin() as db:
        await texts.sent(db, other.id, accepted.sid, work.clock())
    await work.seconds_pass(300, 30)
    await work.office.has_told()
    assert (len(work.office.messages), sorted(text.doubled for text in await work.texts())) == (2, [0, 1])


async def test_somebody_elses_words_are_not_ours(work: Work) -> None:
    work.office.behaves(CUTS_OFF_BEFORE)
    await work.promises("Ours.")
    await work.outbox.send_due()
    old = work.clock().replace(year=2025)
    for to, body, created in [(PARENT, "Other.", work.clock()), ("+447700900124", "Ours.", work.clock())]:
        work.office.messages.append(Message(to, work.sender.number, body, "", created))
    work.office.messages.append(Message(PARENT, work.sender.number, "Ours.", "", old))
    await work.seconds_pass(300, 20)
    assert [message.body for message in work.office.messages] == ["Other.", "Ours.", "Ours.", "Ours."]
    assert (await work.text()).doubled == 1


async def test_what_a_dead_worker_was_sending_is_looked_for(work: Work) -> None:
    await work.promises()
    await work.takes_one(work.sender.patience)  # by a worker that dies before or after it has sent it
    await work.seconds_pass(50)
    assert not work.office.messages
    await work.seconds_pass(300, 20)
    await work.office.has_told()
    assert (len(work.office.messages), (await work.text()).state) == (1, State.delivered)


async def test_a_refusal_of_the_second_attempt_is_a_refusal(work: Work) -> None:
    work.office.behaves(CUTS_OFF_BEFORE, refuses(21614))
    await work.promises()
    await work.outbox.send_due()
    await work.seconds_pass(300, 20)
    assert (await work.text()).reason == "this is not a mobile number (21614)"


async def test_a_text_that_a_restored_backup_still_wants_to_send_is_found_and_not_sent_again(work: Work) -> None:
    await work.promises()
    async with work.store.begin() as db:
        backup = dict((await db.execute(select(texts_table))).mappings().one())
    await work.outbox.send_due()
    await work.office.has_told()
    async with work.store.begin() as db:
        await db.execute(delete(resources))
        await db.execute(update(texts_table).values(backup))
    await work.seconds_pass(86_400, 86_400)
    await work.seconds_pass(600, 30)
    text = await work.text()
    assert (len(work.office.messages), text.state, text.attempts) == (1, State.delivered, 0)


async def test_a_text_for_which_no_worker_came_for_hours_is_sent_once_and_not_counted_as_doubled(work: Work) -> None:
    await work.promises()
    await work.seconds_pass(7200, 7200)
    await work.seconds_pass(300, 30)
    await work.office.has_told()
    text = await work.text()
    assert (len(work.office.messages), text.state, text.attempts, text.doubled) == (1, State.delivered, 1, 0)
