"""A test call is told apart from callers where it comes in: what it may ask for, and what comes from its number."""

import pytest
from sqlalchemy import func, select

from ivr.engine.effects import (
    CancelReminders,
    Effect,
    EffectStatus,
    RequestCallback,
    ScheduleReminders,
    SendText,
    StartVoicemail,
    SubmitVoicemail,
)
from ivr.helpline.canary import CANARY
from ivr.helpline.text_destinations import TextDestinations
from ivr.store import sms_list, sms_outbox, voicemail_audio, voicemail_list, voicemails, waiting_list
from ivr.store.database import Store
from ivr.store.quotas import TESTS_PER_HOUR, Quotas
from ivr.store.sms_states import SmsState
from ivr.store.tables import daily_counts, quota_usage, sms_inbox
from ivr.store.tables import sms_outbox as texts
from ivr.tokens import RecordingLinks
from ivr.web.effects import EffectHandler
from tests.canary.rig import CANARY_NUMBER, PUBLIC_URL, rig
from tests.store.conftest import SECRETS, store, url
from tests.store.fixtures import NOW

__all__ = ["store", "url"]

PARENT = "+447700900123"
NONE_LEFT = Quotas(per_number_per_day=0, per_hour=0, messages_per_hour=0)
TEXT = SendText(CANARY_NUMBER, "Hello.", "school")


def handler(store: Store, quotas: Quotas = NONE_LEFT) -> EffectHandler:
    links = RecordingLinks(PUBLIC_URL, SECRETS)
    return EffectHandler(
        *(store, quotas, TextDestinations(("+447",)), lambda: NOW, (), None, links), canary=CANARY_NUMBER
    )


async def asks(store: Store, effect: Effect, caller: str = CANARY_NUMBER) -> EffectStatus:
    return (await handler(store).perform("CA1", "sms/text", 1, effect, caller=caller)).status


@pytest.mark.parametrize(
    "effect",
    [
        RequestCallback(CANARY_NUMBER, "school", None, "any"),
        ScheduleReminders(CANARY_NUMBER, "deadline", ((NOW, "A date."),)),
        CancelReminders(CANARY_NUMBER),
        SendText(PARENT, "Hello.", "school"),
    ],
)
async def test_whoever_rings_with_its_number_is_not_rung_back_and_has_nobody_texted(
    store: Store, effect: Effect
) -> None:
    assert await asks(store, effect) is EffectStatus.down


async def test_its_text_is_in_no_quota_no_count_and_no_list(store: Store) -> None:
    assert await asks(store, TEXT, PARENT) is EffectStatus.capped
    assert await asks(store, TEXT) is EffectStatus.kept
    async with store.read() as db:
        assert await db.scalar(select(texts.c.topic)) == CANARY
        assert await sms_list.read(db, store.cipher, SmsState, 10) == []
        assert set((await sms_outbox.counts(db)).values()) == {0}
        for table in (daily_counts, quota_usage):
            assert await db.scalar(select(func.count()).select_from(table)) == 0


async def test_a_text_of_a_test_call_leaves_the_quota_to_callers(store: Store) -> None:
    one_left = Quotas(per_number_per_day=1, per_hour=1)
    for call, caller in (("CA1", CANARY_NUMBER), ("CA2", PARENT)):
        done = await handler(store, one_left).perform(call, "sms/text", 1, TEXT, caller=caller)
        assert done.status is EffectStatus.kept


async def test_its_message_never_comes_to_staff_however_its_call_ends(store: Store) -> None:
    begun = await handler(store).perform(
        "CA1", "messages/begin", 1, StartVoicemail(CANARY_NUMBER, "school", None), caller=CANARY_NUMBER
    )
    assert begun.status is EffectStatus.kept
    async with store.begin() as db:
        assert await voicemail_audio.arrived(db, begun.value, "RE1", 7, NOW, fetch_at=NOW)
    assert await asks(store, SubmitVoicemail(begun.value)) is EffectStatus.kept
    async with store.begin() as db:
        assert not await voicemails.send(db, store.cipher, begun.value, NOW, None)
        assert await voicemails.call_ended(db, store.cipher, store.cipher.blind_index("CA1"), NOW, None) == 0
        assert await voicemails.send_stale(db, store.cipher, NOW.replace(year=NOW.year + 1), None) == 0
    async with store.read() as db:
        assert await voicemail_list.read(db, store.cipher, everything=True) == []
        assert set((await waiting_list.counts(db)).values()) == {0}
        assert await db.scalar(select(func.count()).select_from(daily_counts)) == 0


async def test_a_text_from_its_number_is_kept_from_staff_and_not_answered(database: str) -> None:
    async with rig(database) as made:
        number = made.number(made.settings.sms_from or "")
        form = {"MessageSid": "SM1", "From": CANARY_NUMBER, "To": number.number, "Body": "Thanks for the message."}
        answer = await made.carrier.webhooks.send(made.webhook("/sms", form))
        assert "<Message>" not in answer
        async with made.store.read() as db:
            assert await db.scalar(select(func.count()).select_from(sms_inbox)) == 0


async def test_whoever_rings_with_its_number_gets_no_more_than_some_texts_and_messages(store: Store) -> None:
    message = StartVoicemail(CANARY_NUMBER, "school", None)
    for effect in (TEXT, message):
        done = [
            (await handler(store).perform(f"CA{call}", "sms/text", 1, effect, caller=CANARY_NUMBER)).status
            for call in range(TESTS_PER_HOUR + 2)
        ]
        assert done == [EffectStatus.kept] * TESTS_PER_HOUR + [EffectStatus.capped] * 2
