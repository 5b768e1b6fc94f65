"""A caller is told that something is done when it is on disk, and not before."""

import asyncio

import pytest
from msgspec import structs

from ivr.engine.effects import (
    CancelReminders,
    Effect,
    EffectStatus,
    PlayVoicemail,
    PollHunt,
    RequestCallback,
    SaveRecording,
    ScheduleReminders,
    SendText,
    StartVoicemail,
)
from ivr.helpline.rota import of_setting
from ivr.helpline.text_destinations import TextDestinations
from ivr.store import opt_outs, voicemail_audio
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.sms_states import read
from ivr.store.staff_alerts import StaffAlerts
from ivr.store.tables import callbacks, provider_resources, reminders, voicemails
from ivr.store.tables import sms_outbox as texts_table
from ivr.store.voicemail_audio import PendingRecording
from ivr.tokens import RecordingLinks
from ivr.web import metrics
from ivr.web.effects import EffectHandler
from tests.app_factory import PATIENT
from tests.conftest import Output
from tests.store.conftest import SECRETS
from tests.web.running_app import DOWN, SHORT, Clock, has_number, locked, rows_of

PARENT, OTHER = "+447700900123", "+447700900456"
CAPS = Quotas(per_number_per_day=2, per_hour=3)
TEXT = SendText(PARENT, "Ask the school for a meeting.", "school")
REMINDERS = ScheduleReminders(PARENT, "deadline", ((Clock().now, "A date to keep."),))
BACK = RequestCallback(PARENT, "school", None, "any")
HERE = ("CA1", "sms/text", 7)


def effect_handler(store: Store, quotas: Quotas = CAPS, prefixes: tuple[str, ...] = ("+447",)) -> EffectHandler:
    return EffectHandler(store, quotas, TextDestinations(prefixes), Clock())


@pytest.fixture
def effects(store: Store) -> EffectHandler:
    return effect_handler(store)


async def numbers(store: Store) -> list[str]:
    """Return the numbers in the outbox."""
    return [read(row, store.cipher).to for row in await rows_of(store, texts_table)]


def count_of(status: EffectStatus) -> float:
    families = [one for one in metrics.registry.collect() if one.name == "ivr_effects"]
    samples = [sample for one in families for sample in one.samples if sample.name == "ivr_effects_total"]
    return sum(sample.value for sample in samples if sample.labels["status"] == status)


async def test_a_text_is_in_the_outbox(store: Store, effects: EffectHandler) -> None:
    assert (await effects.perform(*HERE, TEXT)).status is EffectStatus.kept
    [row] = await rows_of(store, texts_table)
    text = read(row, store.cipher)
    assert (text.to, text.body, text.topic, text.state) == (PARENT, TEXT.body, "school", "waiting")


async def test_reminders_are_in_the_store(store: Store, effects: EffectHandler) -> None:
    assert (await effects.perform(*HERE, REMINDERS)).status is EffectStatus.kept
    assert len(await rows_of(store, reminders)) == 1


@pytest.mark.parametrize("effect", [TEXT, REMINDERS], ids=["text", "reminder"])
async def test_the_same_call_step_and_turn_again_adds_nothing(store: Store, effect: Effect) -> None:
    for _ in range(2):  # another process is asked the second time
        assert (await effect_handler(store).perform(*HERE, effect)).status is EffectStatus.kept
    assert len(await rows_of(store, texts_table)) + len(await rows_of(store, reminders)) == 1


@pytest.mark.parametrize("there", [("CA2", *HERE[1:]), ("CA1", "sms/other", 7), ("CA1", "sms/text", 8)], ids=str)
async def test_another_call_step_or_turn_is_another_effect(
    store: Store, effects: EffectHandler, there: tuple[str, str, int]
) -> None:
    assert [(await effects.perform(*where, TEXT)).status for where in (HERE, there)] == [
        EffectStatus.kept,
        EffectStatus.kept,
    ]
    assert len(await numbers(store)) == 2


async def test_the_same_webhook_in_two_processes_at_the_same_moment_stores_one_text(url: str) -> None:
    async with Store(url, SECRETS, PATIENT) as one, Store(url, SECRETS, PATIENT) as other:
        results = await asyncio.gather(
            *(effect_handler(store).perform(*HERE, TEXT) for store in (one, other, one, other))
        )
        assert [one.status for one in results] == [EffectStatus.kept] * 4
        assert await numbers(one) == [PARENT]


@pytest.mark.parametrize("number", ["+33612345678", "+442079460000", "447700900123", ""])
@pytest.mark.parametrize("effect", [TEXT, REMINDERS], ids=["text", "reminder"])
async def test_a_number_that_we_do_not_text_is_capped_and_not_stored(
    store: Store, effects: EffectHandler, number: str, effect: SendText | ScheduleReminders
) -> None:
    before = count_of(EffectStatus.capped)
    assert (await effects.perform(*HERE, structs.replace(effect, to=number))).status is EffectStatus.capped
    assert count_of(EffectStatus.capped) == before + 1
    for table in (texts_table, reminders, provider_resources):
        assert await rows_of(store, table) == []


async def test_the_operator_may_allow_fewer_prefixes(store: Store) -> None:
    effects = effect_handler(store, prefixes=("+4477", "+4478"))
    assert (
        await effects.perform("CA1", "sms/text", 1, SendText("+447911123456", "Hello.", "school"))
    ).status is EffectStatus.capped
    assert (await effects.perform("CA1", "sms/text", 2, TEXT)).status is EffectStatus.kept


@pytest.mark.parametrize("effect", [TEXT, REMINDERS], ids=["text", "reminder"])
async def test_without_a_number_to_send_texts_from_none_is_stored(store: Store, effect: Effect) -> None:
    effects = effect_handler(store, prefixes=())
    assert (await effects.perform(*HERE, effect)).status is EffectStatus.down
    assert (await effects.perform(*HERE, CancelReminders(PARENT))).status is EffectStatus.nothing
    assert await rows_of(store, texts_table) + await rows_of(store, reminders) == []


async def test_one_number_gets_so_many_texts_and_no_more(store: Store, effects: EffectHandler) -> None:
    statuses = [(await effects.perform("CA1", "sms/text", turn, TEXT)).status for turn in range(3)]
    assert statuses == [EffectStatus.kept, EffectStatus.kept, EffectStatus.capped]
    assert (
        await effects.perform("CA2", "sms/text", 0, SendText(OTHER, "Hello.", "school"))
    ).status is EffectStatus.kept
    assert (
        await effects.perform("CA3", "sms/text", 0, SendText("+447700900789", "Hi.", "school"))
    ).status is EffectStatus.capped
    assert sorted(await numbers(store)) == [PARENT, PARENT, OTHER]


async def test_what_was_capped_stays_capped_when_the_webhook_comes_again(store: Store) -> None:
    assert (await effect_handler(store, Quotas(0, 10)).perform(*HERE, TEXT)).status is EffectStatus.capped
    assert (
        await effect_handler(store).perform(*HERE, TEXT)
    ).status is EffectStatus.capped  # that is what the caller was told
    assert await numbers(store) == []


async def test_a_number_that_said_stop_is_not_texted(store: Store, effects: EffectHandler) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), Clock().now)
    assert (await effects.perform(*HERE, TEXT)).status is EffectStatus.stopped
    assert (await effects.perform("CA1", "sms/remind", 8, REMINDERS)).status is EffectStatus.stopped
    assert await rows_of(store, texts_table) + await rows_of(store, reminders) == []


async def test_reminders_are_stopped_if_there_are_any(store: Store, effects: EffectHandler) -> None:
    assert (await effects.perform("CA1", "texts/stop", 1, CancelReminders(PARENT))).status is EffectStatus.nothing
    await effects.perform("CA1", "sms/remind", 2, REMINDERS)
    for _ in range(2):
        assert (await effects.perform("CA1", "texts/stop", 3, CancelReminders(PARENT))).status is EffectStatus.kept
    assert await rows_of(store, reminders) == []


async def test_whoever_is_not_texted_can_still_stop_reminders(effects: EffectHandler) -> None:
    assert (await effects.perform(*HERE, CancelReminders("+33612345678"))).status is EffectStatus.nothing


async def test_the_providers_own_record_of_the_call_is_remembered_for_erasure_only_if_something_is_kept(
    store: Store, effects: EffectHandler
) -> None:
    await effect_handler(store, Quotas(0, 0)).perform("CA1", "sms/text", 1, TEXT)
    await effects.perform("CA1", "texts/stop", 2, CancelReminders(PARENT))
    assert await rows_of(store, provider_resources) == []
    for turn in (3, 4):
        await effects.perform("CA1", "sms/text", turn, TEXT)
    [row] = await rows_of(store, provider_resources)
    assert (row.kind, row.sid, row.blind_index) == ("call", "CA1", store.cipher.blind_index(PARENT))


async def test_a_caller_on_our_list_is_found_by_their_call_at_the_provider_too(
    store: Store, effects: EffectHandler
) -> None:
    for turn in (1, 2):
        assert (await effects.perform("CA1", "callbacks/promise", turn, BACK)).status is EffectStatus.kept
    assert len(await rows_of(store, callbacks)) == 1
    [row] = await rows_of(store, provider_resources)
    assert (row.kind, row.sid, row.blind_index) == ("call", "CA1", store.cipher.blind_index(PARENT))


async def test_somebody_of_the_settings_is_told_of_a_caller_who_cannot_wait(store: Store) -> None:
    ours = of_setting([OTHER])
    effects = EffectHandler(store, CAPS, TextDestinations(), Clock(), ours, StaffAlerts(ours, lambda: ""))
    await effects.perform("CA1", "callbacks/promise", 1, RequestCallback(PARENT, "school", None, "any", "Look."))
    assert await numbers(store) == [OTHER]


async def test_effects_are_counted_by_status(effects: EffectHandler) -> None:
    before = {status: count_of(status) for status in EffectStatus}
    for turn in range(3):
        await effects.perform("CA1", "sms/text", turn, TEXT)
    await effects.perform("CA1", "texts/stop", 4, CancelReminders(PARENT))
    assert {status: count_of(status) - before[status] for status in EffectStatus} == {
        EffectStatus.kept: 2,
        EffectStatus.capped: 1,
        EffectStatus.nothing: 1,
        EffectStatus.stopped: 0,
        EffectStatus.down: 0,
    }


async def test_polling_a_hunt_is_not_counted(effects: EffectHandler) -> None:
    before = {status: count_of(status) for status in EffectStatus}
    assert (await effects.perform("CA1", "person/waiting", 1, PollHunt("h1"))).value == "stalled"
    assert {status: count_of(status) for status in EffectStatus} == before


# Voicemails.

LINKS = RecordingLinks("https://helpline.example", SECRETS)
BEGIN = StartVoicemail(PARENT, "school", None)


def voicemail_handler(store: Store) -> EffectHandler:
    return EffectHandler(store, CAPS, TextDestinations(()), Clock(), links=LINKS)


async def test_where_no_recording_could_be_fetched_no_message_is_taken(store: Store, effects: EffectHandler) -> None:
    assert (await effects.perform(*HERE, BEGIN)).status is EffectStatus.down
    assert await rows_of(store, voicemails) == []


async def test_a_message_is_heard_at_an_address_of_ours_once_it_is_here(store: Store) -> None:
    effects = voicemail_handler(store)
    id = (await effects.perform(*HERE, BEGIN)).value
    await effects.perform(*HERE, SaveRecording(id, "RE1", 42, gone=False))
    coming = await effects.perform(*HERE, PlayVoicemail(id))
    assert (coming.status, coming.value) == (EffectStatus.nothing, "")
    async with store.begin() as db:
        await voicemail_audio.save(db, store.cipher, PendingRecording(id, "RE1", 1), b"RIFF")
    here = await effects.perform(*HERE, PlayVoicemail(id))
    assert (here.status, here.value) == (EffectStatus.kept, LINKS.address(id, Clock().now))


async def test_the_providers_own_record_of_a_call_with_a_message_is_remembered_for_erasure(store: Store) -> None:
    await voicemail_handler(store).perform(*HERE, BEGIN)
    [row] = await rows_of(store, provider_resources)
    assert (row.kind, row.sid, row.blind_index) == ("call", "CA1", store.cipher.blind_index(PARENT))


# The database is down.


@pytest.mark.parametrize(
    "effect", [TEXT, REMINDERS, BACK, CancelReminders(PARENT)], ids=["text", "reminder", "call back", "stop"]
)
@pytest.mark.parametrize("address", [DOWN, "sqlite:////nowhere/at/all.db"])
async def test_with_the_database_stopped_nothing_is_performed(address: str, effect: Effect, output: Output) -> None:
    before = count_of(EffectStatus.down)
    async with Store(address, SECRETS, SHORT) as store:
        assert (await effect_handler(store).perform(*HERE, effect)).status is EffectStatus.down
    assert count_of(EffectStatus.down) == before + 1
    logged = output()
    assert "the database is down" in logged
    assert not has_number(logged)


async def test_with_the_database_locked_nothing_is_performed_and_later_it_is(store: Store, url: str) -> None:
    async with Store(url, SECRETS, SHORT) as impatient, locked(url):
        assert (await effect_handler(impatient).perform(*HERE, TEXT)).status is EffectStatus.down
    assert await numbers(store) == []
    assert (await effect_handler(store).perform(*HERE, TEXT)).status is EffectStatus.kept
    assert await numbers(store) == [PARENT]


async def test_a_caller_who_can_wait_no_longer_is_not_kept_by_a_patient_store(effects: EffectHandler, url: str) -> None:
    async with locked(url), asyncio.timeout(PATIENT / 2):
        assert (await effects.perform(*HERE, TEXT, left=SHORT)).status is EffectStatus.down


async def test_without_tables_nothing_is_performed(empty_url: str) -> None:
    async with Store(empty_url, SECRETS, PATIENT) as store:
        assert (await effect_handler(store).perform(*HERE, TEXT)).status is EffectStatus.down


async def test_a_bug_is_not_taken_for_a_database_that_is_down(
    store: Store, effects: EffectHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ivr.web.effects.perform", breaks)
    with pytest.raises(ZeroDivisionError):
        await effects.perform(*HERE, TEXT)
    assert await numbers(store) == []
