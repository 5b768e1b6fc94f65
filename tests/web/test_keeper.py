"""A caller is told that something is done when it is on disk, and not before."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from msgspec import structs

from ivr.engine.promises import (
    CallBack,
    HuntLook,
    Kept,
    MessageBegin,
    MessageHear,
    MessageRecorded,
    Promise,
    ReminderPromise,
    StopReminders,
    TextPromise,
)
from ivr.helpline.rota import of_setting
from ivr.store import recordings, stops
from ivr.store.alerts import Alerts
from ivr.store.caps import Caps
from ivr.store.database import Store
from ivr.store.recordings import Waiting
from ivr.store.tables import callbacks, messages, reminders, resources
from ivr.store.tables import texts as texts_table
from ivr.store.texts import read
from ivr.web import metrics
from ivr.web.keeper import Keeper
from ivr.web.listening import Listening
from tests.conftest import Output
from tests.opened import PATIENT
from tests.store.conftest import SECRETS
from tests.web.edge import DOWN, SHORT, Clock, has_number, locked, rows_of

PARENT, OTHER = "+447700900123", "+447700900456"
CAPS = Caps(per_number_per_day=2, per_hour=3)
TEXT = TextPromise(PARENT, "Ask the school for a meeting.", "school")
REMINDERS = ReminderPromise(PARENT, "deadline", ((Clock().now, "A date to keep."),))
BACK = CallBack(PARENT, "school", None, "any")
HERE = ("CA1", "sms/text", 7)


def keeper_of(store: Store, caps: Caps = CAPS, prefixes: tuple[str, ...] = ("+447",)) -> Keeper:
    return Keeper(store, caps, prefixes, Clock())


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with Store(url, SECRETS, PATIENT) as store:
        yield store


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return keeper_of(store)


async def numbers(store: Store) -> list[str]:
    """Who is to be texted."""
    return [read(row, store.cipher).to for row in await rows_of(store, texts_table)]


def counted(kept: Kept) -> float:
    return metrics.registry.get_sample_value("ivr_promises_total", {"kept": kept}) or 0.0


async def test_a_text_that_is_promised_is_in_the_store(store: Store, keeper: Keeper) -> None:
    assert (await keeper.keep(*HERE, TEXT)).how is Kept.kept
    [row] = await rows_of(store, texts_table)
    text = read(row, store.cipher)
    assert (text.to, text.body, text.topic, text.state) == (PARENT, TEXT.body, "school", "waiting")


async def test_reminders_that_are_promised_are_in_the_store(store: Store, keeper: Keeper) -> None:
    assert (await keeper.keep(*HERE, REMINDERS)).how is Kept.kept
    assert len(await rows_of(store, reminders)) == 1


@pytest.mark.parametrize("promise", [TEXT, REMINDERS], ids=["text", "reminder"])
async def test_the_same_call_step_and_turn_again_adds_nothing(store: Store, promise: Promise) -> None:
    for _ in range(2):  # another process is asked the second time
        assert (await keeper_of(store).keep(*HERE, promise)).how is Kept.kept
    assert len(await rows_of(store, texts_table)) + len(await rows_of(store, reminders)) == 1


@pytest.mark.parametrize("there", [("CA2", *HERE[1:]), ("CA1", "sms/other", 7), ("CA1", "sms/text", 8)], ids=str)
async def test_another_call_step_or_turn_is_another_promise(
    store: Store, keeper: Keeper, there: tuple[str, str, int]
) -> None:
    assert [(await keeper.keep(*where, TEXT)).how for where in (HERE, there)] == [Kept.kept, Kept.kept]
    assert len(await numbers(store)) == 2


async def test_the_same_webhook_in_two_processes_at_the_same_moment_promises_once(url: str) -> None:
    async with Store(url, SECRETS, PATIENT) as one, Store(url, SECRETS, PATIENT) as other:
        kept = await asyncio.gather(*(keeper_of(store).keep(*HERE, TEXT) for store in (one, other, one, other)))
        assert [one.how for one in kept] == [Kept.kept] * 4
        assert await numbers(one) == [PARENT]


@pytest.mark.parametrize("number", ["+33612345678", "+442079460000", "447700900123", ""])
@pytest.mark.parametrize("promise", [TEXT, REMINDERS], ids=["text", "reminder"])
async def test_a_number_that_we_do_not_text_is_refused_and_forgotten(
    store: Store, keeper: Keeper, number: str, promise: TextPromise | ReminderPromise
) -> None:
    before = counted(Kept.capped)
    assert (await keeper.keep(*HERE, structs.replace(promise, to=number))).how is Kept.capped
    assert counted(Kept.capped) == before + 1
    for table in (texts_table, reminders, resources):
        assert await rows_of(store, table) == []


async def test_the_operator_may_allow_fewer_prefixes(store: Store) -> None:
    keeper = keeper_of(store, prefixes=("+4477", "+4478"))
    assert (
        await keeper.keep("CA1", "sms/text", 1, TextPromise("+447911123456", "Hello.", "school"))
    ).how is Kept.capped
    assert (await keeper.keep("CA1", "sms/text", 2, TEXT)).how is Kept.kept


@pytest.mark.parametrize("promise", [TEXT, REMINDERS], ids=["text", "reminder"])
async def test_without_anything_to_send_texts_with_none_is_promised(store: Store, promise: Promise) -> None:
    keeper = keeper_of(store, prefixes=())
    assert (await keeper.keep(*HERE, promise)).how is Kept.down
    assert (await keeper.keep(*HERE, StopReminders(PARENT))).how is Kept.nothing
    assert await rows_of(store, texts_table) + await rows_of(store, reminders) == []


async def test_one_number_gets_so_many_texts_and_no_more(store: Store, keeper: Keeper) -> None:
    kept = [(await keeper.keep("CA1", "sms/text", turn, TEXT)).how for turn in range(3)]
    assert kept == [Kept.kept, Kept.kept, Kept.capped]
    assert (await keeper.keep("CA2", "sms/text", 0, TextPromise(OTHER, "Hello.", "school"))).how is Kept.kept
    assert (await keeper.keep("CA3", "sms/text", 0, TextPromise("+447700900789", "Hi.", "school"))).how is Kept.capped
    assert sorted(await numbers(store)) == [PARENT, PARENT, OTHER]


async def test_what_was_capped_stays_capped_when_the_webhook_comes_again(store: Store) -> None:
    assert (await keeper_of(store, Caps(0, 10)).keep(*HERE, TEXT)).how is Kept.capped
    assert (await keeper_of(store).keep(*HERE, TEXT)).how is Kept.capped  # that is what the caller was told
    assert await numbers(store) == []


async def test_a_number_that_said_stop_is_not_texted(store: Store, keeper: Keeper) -> None:
    async with store.begin() as db:
        await stops.stop(db, store.cipher.mark(PARENT), Clock().now)
    assert (await keeper.keep(*HERE, TEXT)).how is Kept.stopped
    assert (await keeper.keep("CA1", "sms/remind", 8, REMINDERS)).how is Kept.stopped
    assert await rows_of(store, texts_table) + await rows_of(store, reminders) == []


async def test_reminders_are_stopped_if_there_are_any(store: Store, keeper: Keeper) -> None:
    assert (await keeper.keep("CA1", "texts/stop", 1, StopReminders(PARENT))).how is Kept.nothing
    await keeper.keep("CA1", "sms/remind", 2, REMINDERS)
    for _ in range(2):
        assert (await keeper.keep("CA1", "texts/stop", 3, StopReminders(PARENT))).how is Kept.kept
    assert await rows_of(store, reminders) == []


async def test_whoever_is_not_texted_can_still_stop_reminders(keeper: Keeper) -> None:
    assert (await keeper.keep(*HERE, StopReminders("+33612345678"))).how is Kept.nothing


async def test_the_providers_own_record_of_the_call_is_remembered_for_erasure_only_if_something_is_kept(
    store: Store, keeper: Keeper
) -> None:
    await keeper_of(store, Caps(0, 0)).keep("CA1", "sms/text", 1, TEXT)
    await keeper.keep("CA1", "texts/stop", 2, StopReminders(PARENT))
    assert await rows_of(store, resources) == []
    for turn in (3, 4):
        await keeper.keep("CA1", "sms/text", turn, TEXT)
    [kept] = await rows_of(store, resources)
    assert (kept.kind, kept.sid, kept.mark) == ("call", "CA1", store.cipher.mark(PARENT))


async def test_a_caller_on_our_list_is_found_by_their_call_at_the_provider_too(store: Store, keeper: Keeper) -> None:
    for turn in (1, 2):
        assert (await keeper.keep("CA1", "callbacks/promise", turn, BACK)).how is Kept.kept
    assert len(await rows_of(store, callbacks)) == 1
    [kept] = await rows_of(store, resources)
    assert (kept.kind, kept.sid, kept.mark) == ("call", "CA1", store.cipher.mark(PARENT))


async def test_somebody_of_the_settings_is_told_of_a_caller_who_cannot_wait(store: Store) -> None:
    ours = of_setting([OTHER])
    keeper = Keeper(store, CAPS, ("+447",), Clock(), ours, Alerts(ours, ""))
    await keeper.keep("CA1", "callbacks/promise", 1, CallBack(PARENT, "school", None, "any", "Look."))
    assert await numbers(store) == [OTHER]


async def test_what_becomes_of_promises_is_counted(keeper: Keeper) -> None:
    before = {kept: counted(kept) for kept in Kept}
    for turn in range(3):
        await keeper.keep("CA1", "sms/text", turn, TEXT)
    await keeper.keep("CA1", "texts/stop", 4, StopReminders(PARENT))
    assert {kept: counted(kept) - before[kept] for kept in Kept} == {
        Kept.kept: 2,
        Kept.capped: 1,
        Kept.nothing: 1,
        Kept.stopped: 0,
        Kept.down: 0,
    }


async def test_how_often_a_caller_asks_how_a_hunt_stands_is_not_counted(keeper: Keeper) -> None:
    before = {kept: counted(kept) for kept in Kept}
    assert (await keeper.keep("CA1", "person/waiting", 1, HuntLook("h1"))).found == "stalled"
    assert {kept: counted(kept) for kept in Kept} == before


# Messages.

LISTENING = Listening("https://helpline.example", SECRETS)
BEGIN = MessageBegin(PARENT, "school", None)


def mailbox_of(store: Store) -> Keeper:
    return Keeper(store, CAPS, (), Clock(), listening=LISTENING)


async def test_where_no_recording_could_be_fetched_no_message_is_taken(store: Store, keeper: Keeper) -> None:
    assert (await keeper.keep(*HERE, BEGIN)).how is Kept.down
    assert await rows_of(store, messages) == []


async def test_a_message_is_heard_at_an_address_of_ours_once_it_is_here(store: Store) -> None:
    keeper = mailbox_of(store)
    id = (await keeper.keep(*HERE, BEGIN)).found
    await keeper.keep(*HERE, MessageRecorded(id, "RE1", 42, gone=False))
    coming = await keeper.keep(*HERE, MessageHear(id))
    assert (coming.how, coming.found) == (Kept.nothing, "")
    async with store.begin() as db:
        await recordings.keep(db, store.cipher, Waiting(id, "RE1", 1), b"RIFF")
    here = await keeper.keep(*HERE, MessageHear(id))
    assert (here.how, here.found) == (Kept.kept, LISTENING.address(id, Clock().now))


async def test_the_providers_own_record_of_a_call_with_a_message_is_remembered_for_erasure(store: Store) -> None:
    await mailbox_of(store).keep(*HERE, BEGIN)
    [kept] = await rows_of(store, resources)
    assert (kept.kind, kept.sid, kept.mark) == ("call", "CA1", store.cipher.mark(PARENT))


# The database is down.


@pytest.mark.parametrize(
    "promise", [TEXT, REMINDERS, BACK, StopReminders(PARENT)], ids=["text", "reminder", "call back", "stop"]
)
@pytest.mark.parametrize("address", [DOWN, "sqlite:////nowhere/at/all.db"])
async def test_with_the_database_stopped_nothing_is_promised(address: str, promise: Promise, output: Output) -> None:
    before = counted(Kept.down)
    async with Store(address, SECRETS, SHORT) as store:
        assert (await keeper_of(store).keep(*HERE, promise)).how is Kept.down
    assert counted(Kept.down) == before + 1
    logged = output()
    assert "the database is down" in logged
    assert not has_number(logged)


async def test_with_the_database_locked_nothing_is_promised_and_later_it_is(store: Store, url: str) -> None:
    async with Store(url, SECRETS, SHORT) as impatient, locked(url):
        assert (await keeper_of(impatient).keep(*HERE, TEXT)).how is Kept.down
    assert await numbers(store) == []
    assert (await keeper_of(store).keep(*HERE, TEXT)).how is Kept.kept
    assert await numbers(store) == [PARENT]


async def test_a_caller_who_can_wait_no_longer_is_not_kept_by_a_patient_store(keeper: Keeper, url: str) -> None:
    async with locked(url), asyncio.timeout(PATIENT / 2):
        assert (await keeper.keep(*HERE, TEXT, left=SHORT)).how is Kept.down


async def test_without_tables_nothing_is_promised(empty_url: str) -> None:
    async with Store(empty_url, SECRETS, PATIENT) as store:
        assert (await keeper_of(store).keep(*HERE, TEXT)).how is Kept.down


async def test_a_mistake_of_ours_is_not_taken_for_a_database_that_is_down(
    store: Store, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ivr.web.keeper.keep", breaks)
    with pytest.raises(ZeroDivisionError):
        await keeper.keep(*HERE, TEXT)
    assert await numbers(store) == []
