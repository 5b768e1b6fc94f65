"""A complaint that a caller speaks is in the list with the message, however that is passed on, and stays its year."""

from datetime import timedelta

from sqlalchemy import select

from ivr.engine.effects import SubmitVoicemail
from ivr.helpline.data_complaints import TOPIC, Means, Outcome
from ivr.staff import complaint_answers
from ivr.store import data_complaints, erasure, notes, retention, voicemail_list, voicemails, waiting_list
from ivr.store.audit import By
from ivr.store.data_complaints import DataComplaint
from ivr.store.database import Store
from ivr.store.item_kinds import ItemKind
from ivr.store.purge_rounds import GRACE
from ivr.store.tables import data_complaints as complaints
from ivr.store.tables import voicemails as messages
from tests.store.fixtures import DAY, NOW, PARENT
from tests.store.voicemail_driver import ALERTS, ANOTHER, Caller, alerts, state

MAX = By("Max", NOW)
LAST_DAY = NOW.date() + timedelta(days=29)


async def taken(store: Store) -> list[DataComplaint]:
    async with store.begin() as db:
        return await data_complaints.read(db, store.cipher)


async def spoken(store: Store, number: str = PARENT) -> str:
    """Speak a complaint and pass it on; return the id of the message."""
    caller = Caller(store, number=number, topic=TOPIC)
    await caller.submit(id := await caller.leave())
    return id


async def test_passing_it_on_takes_it_down_once_and_tells_the_day_that_is_kept(store: Store) -> None:
    caller = Caller(store, topic=TOPIC)
    id = await caller.leave()
    assert await taken(store) == []
    for _ in range(2):
        assert (await caller.perform(SubmitVoicemail(id))).value == LAST_DAY.isoformat()
    [found] = await taken(store)
    assert (found.voicemail, found.number, found.acknowledge_by, found.body) == (id, PARENT, LAST_DAY, "")
    assert len(await alerts(store)) == 1


async def test_another_message_is_no_complaint(store: Store) -> None:
    caller = Caller(store)
    assert (await caller.perform(SubmitVoicemail(await caller.leave()))).value == ""
    assert await taken(store) == []


async def test_a_caller_who_hangs_up_has_complained_and_one_who_threw_it_away_has_not(store: Store) -> None:
    caller = Caller(store, topic=TOPIC)
    await caller.discard(await caller.leave())
    await caller.leave(ANOTHER)
    await caller.hang_up()
    assert len(await taken(store)) == 1


async def test_one_of_whom_nobody_knows_whether_they_said_anything_is_in_the_list(store: Store) -> None:
    caller = Caller(store, topic=TOPIC)
    id = await caller.start()
    async with store.begin() as db:
        await voicemails.give_up(db, store.cipher, id, NOW + 3 * DAY, ALERTS)
    [found] = await taken(store)
    assert found.received == NOW.date()


async def test_a_withheld_number_is_no_number(store: Store) -> None:
    await spoken(store, "anonymous")
    [found] = await taken(store)
    assert found.number == ""


async def test_it_waits_in_the_place_of_its_message_until_it_is_acknowledged(store: Store) -> None:
    id = await spoken(store)
    async with store.begin() as db:
        [waiting] = await waiting_list.read(db, "Ann", NOW, 9)
        counted = await waiting_list.counts(db)
        [message] = await voicemail_list.read(db, store.cipher)
        assert (waiting.kind, waiting.deadline, message.id) == (ItemKind.complaint, LAST_DAY, id)
        assert (counted[ItemKind.message], counted[ItemKind.complaint]) == (0, 1)
        await complaint_answers.acknowledge(db, store.cipher, waiting.id, NOW.date(), Means.letter, MAX)
        assert await waiting_list.read(db, "Ann", NOW, 9) == []
    assert await state(store, id) == "done"


async def test_an_erasure_leaves_it_with_its_sound_and_notes_and_an_export_tells_it(store: Store) -> None:
    id, other = await spoken(store), Caller(store, call="CA2")
    await other.submit(await other.leave(ANOTHER))
    [found] = await taken(store)
    async with store.begin() as db:
        for kind, about in ((ItemKind.complaint, found.id), (ItemKind.message, id)):
            await notes.add(db, store.cipher, kind, about, PARENT, "asked the school", "Ann", NOW)
        assert (await erasure.count(db, store.cipher, PARENT))["messages"] == 1
        gone = await erasure.erase(db, store.cipher, PARENT, NOW)
        [told] = (await erasure.export(db, store.cipher, PARENT))["complaints"]
        assert list(await db.scalars(select(messages.c.id))) == [id]
        assert len(await notes.read(db, store.cipher, found.id)) == 1
    assert (gone["messages"], gone["notes"]) == (1, 1)
    assert (told["received"], told["state"], told["body"]) == ("2026-11-23", "open", "")
    assert len(await taken(store)) == 1


async def test_it_is_kept_for_a_year_after_it_was_closed_and_its_message_as_long(store: Store) -> None:
    id = await spoken(store)
    [found] = await taken(store)
    async with store.begin() as db:
        await complaint_answers.close(db, store.cipher, found.id, Outcome.upheld, "Sorry.", Means.letter, MAX)
    for days, left in ((360, 1), (370, 0)):
        at = NOW + days * DAY
        for moment in (at, at + GRACE):
            async with store.begin() as db:
                await retention.purge(db, moment)
        async with store.begin() as db:
            assert len(list(await db.scalars(select(complaints.c.id)))) == left, days
            assert list(await db.scalars(select(messages.c.id))) == [id] * left, days


async def test_one_that_is_open_is_kept_however_long(store: Store) -> None:
    id = await spoken(store)
    for days in (900, 903):
        async with store.begin() as db:
            await retention.purge(db, NOW + days * DAY)
    async with store.begin() as db:
        assert list(await db.scalars(select(messages.c.id))) == [id]
    assert len(await taken(store)) == 1
