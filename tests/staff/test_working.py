"""What goes for messages, texts and callbacks alike: claims, notes, undoing, and an entry in the audit log for each."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from ivr.errors import InvalidInput
from ivr.staff import callbacks, incoming_texts, voicemails, waiting
from ivr.staff.working import CannotClaim, CannotUndo
from ivr.store import audit, erasure, notes
from ivr.store.audit import By
from ivr.store.database import Store
from tests.store.fixtures import HOUR, MINUTE, NOW, PARENT, callback_items, request_callback
from tests.store.test_waiting_list import message, text_in

ANN, BEN = By("Ann", NOW, "a1"), By("Ben", NOW + MINUTE, "b1")


async def callback(store: Store) -> str:
    await request_callback(store)
    return (await callback_items(store))[0].id


async def entries(store: Store) -> Sequence[str]:
    """Return what is in the audit log, the oldest first."""
    async with store.begin() as db:
        return [f"{entry.who} {entry.what}" for entry in reversed(await audit.read(db, 99))]


async def test_a_message_goes_from_hand_to_hand_and_every_step_is_written_down(store: Store) -> None:
    id = await message(store)
    cipher, short = store.cipher, id[:8]
    async with store.begin() as db:
        await voicemails.look(db, cipher, short, ANN)
        assert (await voicemails.claim(db, cipher, short, ANN)).claimed_by == "Ann"
        with pytest.raises(CannotClaim, match=r"^Ann has claimed it\.$"):
            await voicemails.claim(db, cipher, short, BEN)
        with pytest.raises(CannotClaim, match=r"^Ann has claimed it\.$"):
            await voicemails.done(db, cipher, short, BEN)
        await voicemails.release(db, cipher, short, ANN)
        assert (await voicemails.done(db, cipher, short, BEN)).by == "Ben"
        with pytest.raises(CannotClaim, match=r"^Ben has finished with it\.$"):
            await voicemails.claim(db, cipher, short, ANN)
        with pytest.raises(CannotUndo, match=r"^Ben finished it: only they, or a manager, can undo that\.$"):
            await voicemails.undo(db, cipher, short, ANN, of_others=False)
        assert (await voicemails.undo(db, cipher, short, ANN, of_others=True)).state == "sent"
        with pytest.raises(CannotUndo, match="it still waits"):
            await voicemails.undo(db, cipher, short, ANN, of_others=True)
    assert await entries(store) == [
        f"Ann message {short}: seen",
        f"Ann message {short}: claimed",
        f"Ann message {short}: released",
        f"Ben message {short}: done",
        f"Ann message {short}: waits again",
    ]


async def test_a_caller_who_was_taken_off_the_list_by_mistake_is_put_back(store: Store) -> None:
    id = await callback(store)
    async with store.begin() as db:
        with pytest.raises(CannotUndo):
            await callbacks.undo(db, store.cipher, id, ANN, of_others=True)
        await callbacks.settle(db, store.cipher, id, ANN, reached=False)
        with pytest.raises(CannotUndo, match="Ann finished it"):
            await callbacks.undo(db, store.cipher, id, BEN, of_others=False)
        again = await callbacks.undo(db, store.cipher, id, ANN, of_others=False)
        assert (again.state, again.by) == ("open", None)
    assert [item.id for item in await callback_items(store)] == [id]


async def test_whoever_has_claimed_a_caller_is_reminded_of_them_within_a_day(store: Store) -> None:
    id = await callback(store)
    async with store.begin() as db:
        with pytest.raises(CannotClaim, match="Nobody has claimed them"):
            await callbacks.remind(db, store.cipher, id, NOW + HOUR, ANN)
        await callbacks.claim(db, store.cipher, id, ANN)
        for at in (NOW, NOW + timedelta(hours=25)):
            with pytest.raises(InvalidInput, match="within the next 24 hours"):
                await callbacks.remind(db, store.cipher, id, at, ANN)
        with pytest.raises(CannotClaim, match="Ann has claimed them"):
            await callbacks.remind(db, store.cipher, id, NOW + HOUR, BEN)
        assert (await callbacks.remind(db, store.cipher, id, NOW + HOUR, ANN)).remind_at == NOW + HOUR
        page = await waiting.read(db, By("Ann", NOW + HOUR))
    assert [(item.id, item.is_due) for item in page.items] == [(id, True)]


@pytest.mark.parametrize("kind", [callbacks, voicemails, incoming_texts])
async def test_a_note_stays_with_what_it_is_about_and_goes_with_the_caller(store: Store, kind: object) -> None:
    id = await {callbacks: callback, voicemails: message, incoming_texts: text_in}[kind](store)  # type: ignore[index]
    async with store.begin() as db:
        for words in ("", "  ", "x" * 2001):
            with pytest.raises(InvalidInput):
                await kind.note(db, store.cipher, id, words, ANN)  # type: ignore[attr-defined]
        await kind.note(db, store.cipher, id, " Prefers the morning. ", ANN)  # type: ignore[attr-defined]
        assert [(note.who, note.body) for note in await notes.read(db, store.cipher, id)] == [
            ("Ann", "Prefers the morning.")
        ]
        await erasure.erase(db, store.cipher, PARENT, NOW)
        assert await notes.read(db, store.cipher, id) == ()
    assert (await entries(store))[0].endswith(": note added")


async def test_a_long_list_comes_in_pages_of_fifty(store: Store) -> None:
    for n in range(51):
        await text_in(store, f"+4477009000{n:02}", NOW + n * MINUTE)
    async with store.begin() as db:
        first, second = await waiting.read(db, ANN), await waiting.read(db, ANN, 2)
    assert (len(first.items), first.has_more) == (50, True)
    assert (len(second.items), second.has_more) == (1, False)
