"""A voicemail that was not discarded reaches the advisers once, whatever becomes of the call."""

import asyncio
from dataclasses import replace

import pytest

from ivr.engine.effects import (
    UNMEASURED,
    DiscardVoicemail,
    EffectStatus,
    SaveRecording,
    StartVoicemail,
    SubmitVoicemail,
)
from ivr.engine.events import EffectResult
from ivr.store import daily_counts, effects, erasure, voicemails
from ivr.store.database import Store
from ivr.store.missing_recordings import id_for
from ivr.store.request_context import RequestContext
from ivr.store.tables import voicemails as messages_table
from tests.store.conftest import SECRETS
from tests.store.fixtures import ADVISER, DAY, HOUR, MINUTE, NO_QUOTAS, NOW, OTHER, PARENT
from tests.store.voicemail_driver import (
    ALERTS,
    ANOTHER,
    DEADLINE,
    RECORDING,
    WORDS,
    Caller,
    alerts,
    row,
    state,
    to_be_deleted,
)


@pytest.fixture
def caller(store: Store) -> Caller:
    return Caller(store)


async def test_room_is_made_before_a_word_is_said(store: Store, caller: Caller) -> None:
    kept = await row(store, await caller.start())
    assert (store.cipher.decrypt(kept.number), kept.topic, kept.deadline) == (PARENT, "deadline", DEADLINE)
    assert (kept.state, kept.recording, kept.sound, kept.began) == ("begun", None, None, NOW)
    assert PARENT.encode() not in kept.number + kept.blind_index


async def test_the_same_webhook_again_makes_no_more_room(store: Store, caller: Caller) -> None:
    assert await caller.start(turn=3) == await caller.start(turn=3)
    assert await caller.start(turn=4) != await caller.start(turn=3)


async def test_two_processes_with_the_same_webhook_make_room_once(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        names = await asyncio.gather(Caller(one).start(turn=1), Caller(other).start(turn=1))
        assert len(set(names)) == 1
        async with one.begin() as db:
            assert len((await db.execute(messages_table.select())).all()) == 1


async def test_a_message_is_passed_on_and_whoever_is_on_shift_is_told(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    assert (await state(store, id), await alerts(store)) == ("recorded", [])
    assert await caller.submit(id) is EffectStatus.kept
    assert (await state(store, id), await alerts(store)) == ("sent", [(ADVISER, WORDS, NOW)])


async def test_passing_it_on_again_tells_nobody_again(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    assert [await caller.submit(id) for _ in "12"] == [EffectStatus.kept] * 2
    assert await caller.hang_up() == 0
    assert len(await alerts(store)) == 1
    async with store.begin() as db:
        assert (await daily_counts.read(db, NOW.date(), NOW.date()))[NOW.date(), "message sent"] == 1


async def test_two_processes_that_pass_it_on_at_the_same_moment_tell_of_it_once(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        caller, again = Caller(one), Caller(other)
        id = await caller.leave()
        assert await asyncio.gather(caller.submit(id), again.submit(id), again.hang_up()) is not None
        assert (await state(one, id), len(await alerts(one))) == ("sent", 1)


async def test_each_message_is_told_of(store: Store, caller: Caller) -> None:
    for recording in (RECORDING, ANOTHER):
        await caller.submit(await caller.leave(recording))
    assert len(await alerts(store)) == 2


async def test_without_anything_to_text_by_it_is_passed_on_all_the_same(store: Store, caller: Caller) -> None:
    caller.context = replace(caller.context, alerts=None)
    id = await caller.leave()
    assert await caller.submit(id) is EffectStatus.kept
    assert (await state(store, id), await alerts(store)) == ("sent", [])


async def test_hanging_up_after_speaking_passes_it_on(store: Store, caller: Caller) -> None:
    id = await caller.start()
    assert await caller.record(id, gone=True) is EffectStatus.kept
    assert (await state(store, id), len(await alerts(store))) == ("sent", 1)


async def test_the_end_of_the_call_passes_on_what_was_not_thrown_away(store: Store, caller: Caller) -> None:
    thrown_away, kept, only_begun = await caller.leave(), await caller.leave(ANOTHER), await caller.start()
    await caller.discard(thrown_away)
    assert await caller.hang_up() == 1
    assert [await state(store, id) for id in (thrown_away, kept, only_begun)] == ["discarded", "sent", "begun"]
    assert len(await alerts(store)) == 1


async def test_the_end_of_another_call_passes_nothing_on(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    assert await Caller(store, "CA2", OTHER).hang_up() == 0
    assert await state(store, id) == "recorded"


async def test_the_providers_news_alone_are_enough(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.recording_completed(id)
    assert await state(store, id) == "recorded"
    assert await caller.hang_up() == 1
    assert await state(store, id) == "sent"


async def test_news_that_come_after_the_end_of_the_call_pass_it_on(store: Store, caller: Caller) -> None:
    id = await caller.start()
    assert await caller.hang_up() == 0
    await caller.recording_completed(id)
    assert (await state(store, id), len(await alerts(store))) == ("sent", 1)


async def test_news_told_twice_or_before_the_call_tells_are_told_once(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.recording_completed(id)
    assert await caller.record(id) is EffectStatus.kept
    await caller.recording_completed(id)
    await caller.submit(id)
    await caller.recording_completed(id)
    assert (await state(store, id), len(await alerts(store))) == ("sent", 1)
    assert await to_be_deleted(store) == []


async def test_what_nobody_told_us_the_end_of_is_passed_on_after_an_hour(store: Store, caller: Caller) -> None:
    id, only_begun = await caller.leave(), await caller.start()
    for later, sent in ((HOUR, 0), (HOUR + MINUTE, 1), (HOUR + 2 * MINUTE, 0)):
        async with store.begin() as db:
            assert await voicemails.send_stale(db, store.cipher, NOW + later, ALERTS) == sent
    assert [await state(store, one) for one in (id, only_begun)] == ["sent", "begun"]
    assert len(await alerts(store)) == 1


async def test_a_message_that_is_thrown_away_is_heard_by_nobody(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    assert [await caller.discard(id) for _ in "12"] == [EffectStatus.kept] * 2
    assert await to_be_deleted(store) == [RECORDING]
    assert await caller.submit(id) is EffectStatus.nothing
    assert await caller.hang_up() == 0
    kept = await row(store, id)
    assert (kept.state, kept.sound, kept.look_at) == ("discarded", None, None)


async def test_one_that_is_thrown_away_before_its_news_come_is_not_fetched_either(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.discard(id)
    await caller.recording_completed(id)
    assert (await state(store, id), await to_be_deleted(store)) == ("discarded", [RECORDING])


async def test_what_was_passed_on_cannot_be_thrown_away(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    await caller.submit(id)
    assert await caller.discard(id) is EffectStatus.nothing
    assert await state(store, id) == "sent"


@pytest.mark.parametrize("effect", [SubmitVoicemail, DiscardVoicemail])
async def test_a_message_that_is_not_there_is_neither_sent_nor_thrown_away(
    caller: Caller, effect: type[SubmitVoicemail | DiscardVoicemail]
) -> None:
    assert (await caller.perform(effect("nowhere"))).status is EffectStatus.nothing


async def test_one_that_was_only_begun_cannot_be_passed_on(store: Store, caller: Caller) -> None:
    id = await caller.start()
    assert await caller.submit(id) is EffectStatus.nothing
    assert await state(store, id) == "begun"


@pytest.mark.parametrize("gone", [True, False])
async def test_a_click_is_no_message(store: Store, caller: Caller, gone: bool) -> None:
    id = await caller.start()
    assert await caller.record(id, seconds=1, gone=gone) is EffectStatus.nothing
    assert await to_be_deleted(store) == []  # only the provider's news tell how long it is
    await caller.recording_completed(id, seconds=1)
    assert await caller.hang_up() == 0
    assert (await state(store, id), await to_be_deleted(store)) == ("begun", [RECORDING])


async def test_words_after_a_click_are_the_message(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.recording_completed(id, ANOTHER, seconds=0)
    assert await caller.record(id, seconds=2) is EffectStatus.kept
    kept = await row(store, id)
    assert (kept.recording, kept.seconds, await to_be_deleted(store)) == (RECORDING, 2, [ANOTHER])


async def test_a_recording_of_unknown_length_is_taken_for_words(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.recording_completed(id, seconds=None)
    assert ((await row(store, id)).seconds, await state(store, id)) == (None, "recorded")


async def test_a_recording_that_was_kept_is_not_taken_for_a_click_later(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    await caller.recording_completed(id, seconds=1)
    assert (await state(store, id), await to_be_deleted(store)) == ("recorded", [])


async def test_a_second_recording_of_one_message_is_a_message_too(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    for _ in "12":
        await caller.recording_completed(id, ANOTHER, seconds=7)
    assert (await row(store, id)).recording == RECORDING
    assert await caller.hang_up() == 2
    second = await row(store, id_for(ANOTHER))
    assert (second.recording, second.seconds, store.cipher.decrypt(second.number)) == (ANOTHER, 7, PARENT)
    assert await to_be_deleted(store, NOW + 8 * DAY) == []


@pytest.mark.parametrize("gone", [True, False])
async def test_a_length_that_the_call_does_not_tell_is_awaited(store: Store, caller: Caller, gone: bool) -> None:
    id = await caller.start()
    said = await caller.perform(SaveRecording(id, RECORDING, None, gone))
    assert said == EffectResult(EffectStatus.kept, UNMEASURED)
    assert await caller.hang_up() == 0
    assert (await state(store, id), await alerts(store), await to_be_deleted(store)) == ("recorded", [], [])
    await caller.recording_completed(id, seconds=17)
    assert (await state(store, id), (await row(store, id)).seconds, len(await alerts(store))) == ("sent", 17, 1)


async def test_a_length_that_the_news_told_before_the_call_is_known(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.recording_completed(id, seconds=17)
    said = await caller.perform(SaveRecording(id, RECORDING, None, gone=False))
    assert (said.status, said.value, (await row(store, id)).seconds) == (EffectStatus.kept, "", 17)


async def test_a_recording_that_turns_out_to_be_a_click_is_no_message(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.record(id, seconds=None)
    await caller.recording_completed(id, seconds=1)
    assert await caller.hang_up() == 0
    assert (await state(store, id), await to_be_deleted(store)) == ("begun", [RECORDING])
    assert await caller.submit(id) is EffectStatus.nothing


async def test_what_was_passed_on_before_its_length_was_known_stays_on_the_list(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.record(id, seconds=None)
    await caller.submit(id)
    await caller.recording_completed(id, seconds=1)
    assert (await state(store, id), await to_be_deleted(store)) == ("sent", [])


async def test_a_length_that_nobody_tells_holds_a_message_back_for_an_hour_at_most(
    store: Store, caller: Caller
) -> None:
    id = await caller.start()
    await caller.record(id, seconds=None)
    await caller.hang_up()
    async with store.begin() as db:
        assert await voicemails.send_stale(db, store.cipher, NOW + HOUR + MINUTE, ALERTS) == 1
    assert await state(store, id) == "sent"


async def test_of_a_message_that_was_erased_the_provider_keeps_nothing(store: Store, caller: Caller) -> None:
    id = await caller.start()
    async with store.begin() as db:
        await erasure.erase(db, store.cipher, PARENT, NOW)
    await caller.recording_completed(id)
    assert await caller.record(id, ANOTHER) is EffectStatus.nothing
    assert await to_be_deleted(store) == [RECORDING, ANOTHER]


async def test_an_adviser_says_that_it_is_done(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    for expected in (False, True, False):
        async with store.begin() as db:
            assert await voicemails.done(db, id, "Ruth", NOW + DAY) is expected
        await caller.submit(id)
    kept = await row(store, id)
    assert (kept.state, kept.by, kept.changed) == ("done", "Ruth", NOW + DAY)


async def test_passing_on_what_is_done_already_is_no_failure(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    await caller.submit(id)
    async with store.begin() as db:
        await voicemails.done(db, id, "Ruth", NOW)
    assert await caller.submit(id) is EffectStatus.kept
    assert await state(store, id) == "done"


async def begun(caller: Caller, turn: int | None = None) -> EffectStatus:
    return (await caller.perform(StartVoicemail(caller.number, "school", None), turn)).status


async def test_one_number_leaves_so_many_messages_in_a_day_and_no_more(store: Store) -> None:
    few = RequestContext("", "", NOW, replace(NO_QUOTAS, messages_per_number_per_day=2))
    caller = Caller(store, context=few)
    assert [await begun(caller) for _ in "123"] == [EffectStatus.kept, EffectStatus.kept, EffectStatus.capped]
    assert await begun(caller, turn=3) is EffectStatus.capped
    assert await begun(caller, turn=1) is EffectStatus.kept  # the same webhook as the first
    assert await begun(Caller(store, "CA2", OTHER, context=few)) is EffectStatus.kept
    caller.advance(DAY)
    assert await begun(caller) is EffectStatus.kept


async def test_those_who_withhold_their_number_are_not_taken_for_one_caller(store: Store) -> None:
    few = RequestContext("", "", NOW, replace(NO_QUOTAS, messages_per_number_per_day=1))
    assert [await begun(Caller(store, f"CA{n}", "anonymous", context=few)) for n in "123"] == [EffectStatus.kept] * 3
    assert [await begun(Caller(store, f"CA{n}", "", context=few)) for n in "45"] == [EffectStatus.kept] * 2


async def test_all_together_leave_so_many_in_an_hour_and_no_more(store: Store) -> None:
    few = RequestContext("", "", NOW, replace(NO_QUOTAS, messages_per_hour=2))
    callers = [Caller(store, f"CA{n}", f"+44770090012{n}", context=few) for n in "123"]
    assert [await begun(caller) for caller in callers] == [EffectStatus.kept, EffectStatus.kept, EffectStatus.capped]
    callers[2].advance(HOUR)
    assert await begun(callers[2]) is EffectStatus.kept


async def test_a_full_mailbox_names_no_message(store: Store) -> None:
    context = RequestContext("CA1", "key", NOW, replace(NO_QUOTAS, messages_per_hour=0))
    async with store.begin() as db:
        kept = await effects.perform(db, store.cipher, context, StartVoicemail(PARENT, "", None))
    assert (kept.status, kept.value) == (EffectStatus.capped, "")
