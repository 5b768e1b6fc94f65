import asyncio

from ivr.engine.effects import CancelReminders, EffectStatus
from ivr.store import effects, opt_outs, reminders, sms_outbox
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.request_context import RequestContext
from tests.store.conftest import SECRETS
from tests.store.fixtures import (
    BODY,
    DAY,
    MINUTE,
    NO_QUOTAS,
    NOW,
    OTHER,
    PARENT,
    claim_texts,
    enqueue_text,
    schedule_reminders,
    states,
)

FIRST, SECOND = NOW + 7 * DAY, NOW + 18 * DAY


async def released(store: Store, at: object) -> int:
    async with store.begin() as db:
        return await reminders.release(db, store.cipher, at, 100)  # type: ignore[arg-type]


async def test_a_reminder_comes_on_its_day_and_once(store: Store) -> None:
    assert await schedule_reminders(store, FIRST, SECOND) == EffectStatus.kept
    assert await released(store, FIRST - MINUTE) == 0
    assert await released(store, FIRST) == 1
    assert await released(store, FIRST) == 0
    [text] = await claim_texts(store, FIRST)
    assert (text.to, text.body, text.topic) == (PARENT, f"{BODY} 0", "deadline")
    assert await released(store, SECOND) == 1


async def test_two_workers_release_a_reminder_once(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        await schedule_reminders(one, *(FIRST + n * MINUTE for n in range(10)))
        await asyncio.gather(*(released(store, SECOND - 10 * DAY) for _ in range(3) for store in (one, other)))
        assert await states(one) == {"waiting": 10}


async def test_the_same_key_again_promises_nothing_new(store: Store) -> None:
    await schedule_reminders(store, FIRST)
    assert await schedule_reminders(store, FIRST, SECOND) == EffectStatus.kept
    async with store.begin() as db:
        assert await reminders.cancel(db, store.cipher, PARENT) == 1


async def test_a_new_promise_on_a_topic_takes_the_place_of_the_old(store: Store) -> None:
    await schedule_reminders(store, FIRST, SECOND)
    await schedule_reminders(store, SECOND, key="another call")
    await schedule_reminders(store, FIRST, key="another topic", topic="school")
    await schedule_reminders(store, FIRST, key="another number", to=OTHER)
    async with store.begin() as db:
        assert await reminders.cancel(db, store.cipher, PARENT) == 2
        assert await reminders.cancel(db, store.cipher, OTHER) == 1


async def test_a_capped_promise_leaves_the_earlier_one(store: Store) -> None:
    quotas = Quotas(per_number_per_day=2, per_hour=100)
    await schedule_reminders(store, FIRST, SECOND, quotas=quotas)
    assert await schedule_reminders(store, FIRST, FIRST, FIRST, key="another", quotas=quotas) == EffectStatus.capped
    async with store.begin() as db:
        assert await reminders.cancel(db, store.cipher, PARENT) == 2


async def test_replacing_a_promise_is_not_capped_by_what_it_replaces(store: Store) -> None:
    quotas = Quotas(per_number_per_day=2, per_hour=2)
    await schedule_reminders(store, FIRST, SECOND, quotas=quotas)
    assert await schedule_reminders(store, FIRST, SECOND, key="another", quotas=quotas) == EffectStatus.kept


async def test_with_no_day_left_there_is_nothing_to_promise(store: Store) -> None:
    assert await schedule_reminders(store) == EffectStatus.nothing


async def test_reminders_that_come_due_do_not_cap_those_who_ring_that_day(store: Store) -> None:
    await schedule_reminders(store, FIRST)
    await released(store, FIRST)
    assert await enqueue_text(store, at=FIRST, quotas=Quotas(1, 1)) == EffectStatus.kept


async def test_who_said_stop_is_promised_none(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW)
    assert await schedule_reminders(store, FIRST) == EffectStatus.stopped


async def test_who_says_stop_later_gets_none(store: Store) -> None:
    await schedule_reminders(store, FIRST)
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW)
    assert await released(store, FIRST) == 0
    assert await states(store) == {}


async def test_a_key_on_a_later_call_stops_them(store: Store) -> None:
    await schedule_reminders(store, FIRST, SECOND)
    kept = []
    for key in ("this call", "this call", "a later call"):
        async with store.begin() as db:
            context = RequestContext("CA1", key, NOW, NO_QUOTAS)
            kept.append((await effects.perform(db, store.cipher, context, CancelReminders(PARENT))).status)
    assert kept == [EffectStatus.kept, EffectStatus.kept, EffectStatus.nothing]
    assert await released(store, SECOND) == 0


async def test_a_reminder_is_not_sent_when_its_date_may_be_past(store: Store) -> None:
    await schedule_reminders(store, FIRST, FIRST)
    assert await released(store, FIRST + reminders.LATEST + MINUTE) == 0
    assert await states(store) == {}


async def test_a_released_reminder_that_the_provider_would_not_take_is_given_up_in_time(store: Store) -> None:
    await schedule_reminders(store, FIRST)
    await released(store, FIRST)
    late = FIRST + reminders.LATEST + MINUTE
    async with store.begin() as db:
        await sms_outbox.give_up(db, late)
    assert await claim_texts(store, late) == []
    assert await states(store) == {"failed": 1}
