"""A text that came in is answered once, in the adviser's own words, within what is allowed of texts."""

import pytest

from ivr.errors import InvalidInput
from ivr.helpline.text_destinations import TextDestinations
from ivr.staff import incoming_texts, outgoing_texts
from ivr.staff.incoming_texts import words_of
from ivr.staff.outgoing_texts import CannotText, Texting
from ivr.staff.working import CannotClaim
from ivr.store import opt_outs, sms_inbox, sms_results
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.sms_inbox import IncomingText
from ivr.store.sms_states import SmsState
from tests.store.fixtures import NO_QUOTAS, NOW, claim_texts, enqueue_text
from tests.store.test_waiting_list import text_in

ANN, BEN = By("Ann", NOW), By("Ben", NOW)
TEXTING = Texting(TextDestinations(), NO_QUOTAS)
ANSWER = "We will ring you tomorrow."


async def answered(store: Store, id: str, words: str = ANSWER, by: By = ANN, texting: Texting = TEXTING) -> str | None:
    """Answer a text; return the id of the answer."""
    async with store.begin() as db:
        return (await incoming_texts.answer(db, store.cipher, id, words, texting, by)).answer


async def test_an_answer_is_in_the_outbox_once_and_the_text_is_done(store: Store) -> None:
    id = await text_in(store)
    answer = await answered(store, id[:8], " We’ll ring you… ")
    [text] = await claim_texts(store)
    assert (text.id, text.body, text.topic) == (answer, "We'll ring you...", "answer")
    async with store.begin() as db:
        found = await incoming_texts.find(db, store.cipher, id)
        state = await outgoing_texts.state_of(db, store.cipher, answer)
    assert (found.done_by, found.done) == ("Ann", NOW)
    assert state and state.state is SmsState.sending
    with pytest.raises(CannotText, match="was answered already"):
        await answered(store, id)


async def test_an_answer_that_could_not_be_sent_may_be_followed_by_another(store: Store) -> None:
    id = await text_in(store)
    first = await answered(store, id)
    async with store.begin() as db:
        await sms_results.failed(db, str(first), "it is a landline", NOW)
        await incoming_texts.undo(db, store.cipher, id, ANN, of_others=False)
    assert await answered(store, id) != first


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (" \n ", "The text is empty"),
        ("a" * 460, "This would be 4 texts long, and may be 3: shorten it"),
        ("😀" * 110, "Without 😀 more than twice as much would fit"),
    ],
)
async def test_words_that_do_not_fit_are_refused_with_what_mends_them(store: Store, words: str, told: str) -> None:
    id = await text_in(store)
    with pytest.raises(InvalidInput, match=told):
        await answered(store, id, words)


async def test_nobody_is_texted_who_said_stop_or_has_had_enough_for_now(store: Store) -> None:
    id = await text_in(store)
    await enqueue_text(store)
    with pytest.raises(CannotText, match="as many texts as are allowed"):
        await answered(store, id, texting=Texting(TextDestinations(), Quotas(1, 9)))
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index("+447700900123"), NOW)
    with pytest.raises(CannotText, match="They said STOP"):
        await answered(store, id)


@pytest.mark.parametrize(
    ("number", "told"), [("+441632960123", "no UK mobile"), ("+447624900123", "not sent from here"), ("HMRC", "no UK")]
)
async def test_only_mobiles_that_may_be_texted_are_answered(store: Store, number: str, told: str) -> None:
    id = await text_in(store, number)
    with pytest.raises(CannotText, match=told):
        await answered(store, id)


async def test_what_another_has_claimed_is_not_answered_and_nothing_is_sent(store: Store) -> None:
    id = await text_in(store)
    async with store.begin() as db:
        await incoming_texts.claim(db, store.cipher, id, BEN)
    with pytest.raises(CannotClaim, match="Ben has claimed it"):
        await answered(store, id)
    assert await claim_texts(store) == []


@pytest.mark.parametrize(
    ("body", "media", "words"),
    [
        ("Hello", 0, "Hello"),
        ("", 1, "(a picture, which we cannot see)"),
        ("", 3, "(3 pictures, which we cannot see)"),
        ("Our letter", 1, "Our letter (and a picture, which we cannot see)"),
        ("", 0, "(an empty text)"),
    ],
)
async def test_a_text_that_was_a_picture_says_so(store: Store, body: str, media: int, words: str) -> None:
    async with store.begin() as db:
        await sms_inbox.receive(db, store.cipher, "SM1", "+447700900123", body, NOW, media=media)
        [text] = await sms_inbox.read(db, store.cipher, 1)
    assert words_of(text) == words


def test_words_that_cannot_be_decrypted_are_told_so() -> None:
    assert "IVR_SECRET_KEY" in words_of(IncomingText("1", None, None, False, NOW))
