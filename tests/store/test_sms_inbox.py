import asyncio
from datetime import datetime

from ivr.store import daily_counts, opt_outs, sms_inbox
from ivr.store.database import Store
from ivr.store.sms_inbox import USUAL_LIMITS, InboxLimits, Receipt
from ivr.store.tables import idempotency_keys
from tests.store.conftest import SECRETS
from tests.store.fixtures import DAY, HOUR, MINUTE, NOW, OTHER, PARENT


async def received(
    store: Store, key: str, number: str = PARENT, at: datetime = NOW, limits: InboxLimits = USUAL_LIMITS
) -> Receipt:
    async with store.begin() as db:
        return await sms_inbox.receive(db, store.cipher, key, number, "Can you ring me?", at, limits)


async def taken(store: Store, key: str, number: str = PARENT, at: datetime = NOW) -> bool:
    return await received(store, key, number, at) is Receipt.answer


async def test_a_text_is_kept_for_staff_newest_first(store: Store) -> None:
    await taken(store, "SM1")
    await taken(store, "SM2", OTHER, NOW + HOUR)
    async with store.begin() as db:
        found = await sms_inbox.read(db, store.cipher, 10)
    assert [(one.number, one.body, one.received) for one in found] == [
        (OTHER, "Can you ring me?", NOW + HOUR),
        (PARENT, "Can you ring me?", NOW),
    ]
    assert PARENT not in repr(found)


async def test_a_number_gets_one_answer_a_day(store: Store) -> None:
    assert await taken(store, "SM1")
    assert not await taken(store, "SM2", at=NOW + HOUR)
    assert await taken(store, "SM3", OTHER)
    assert await taken(store, "SM4", at=NOW + DAY + MINUTE)


async def test_the_same_webhook_again_is_told_the_same_and_kept_once(store: Store) -> None:
    assert [await taken(store, "SM1"), await taken(store, "SM1")] == [True, True]
    async with store.begin() as db:
        assert len(await sms_inbox.read(db, store.cipher, 10)) == 1


async def test_two_processes_give_one_answer(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        answers = await asyncio.gather(*(taken(store, f"SM{n}{id(store)}") for n in range(5) for store in (one, other)))
    assert answers.count(True) == 1


async def kept(store: Store) -> int:
    async with store.begin() as db:
        return len(await sms_inbox.read(db, store.cipher, 10_000))


async def test_so_many_texts_of_one_number_are_kept_in_a_day_and_no_more(store: Store) -> None:
    limits = InboxLimits(per_number_per_day=3)
    receipts = [await received(store, f"SM{n}", at=NOW + n * MINUTE, limits=limits) for n in range(5)]
    assert receipts == [Receipt.answer, Receipt.no_answer, Receipt.no_answer, Receipt.refused, Receipt.refused]
    assert await received(store, "SM6", OTHER, limits=limits) is Receipt.answer
    assert await received(store, "SM7", at=NOW + DAY + 3 * MINUTE, limits=limits) is Receipt.answer
    assert await kept(store) == 5


async def test_so_many_texts_of_all_numbers_are_kept_in_an_hour_and_no_more(store: Store) -> None:
    limits = InboxLimits(per_hour=4)
    numbers = [f"+44770090{n:04}" for n in range(10)]
    receipts = [await received(store, number, number, limits=limits) for number in numbers]
    assert receipts == [Receipt.answer] * 4 + [Receipt.refused] * 6
    assert await received(store, "SM2", at=NOW + HOUR + MINUTE, limits=limits) is Receipt.answer


async def test_texts_that_are_refused_leave_a_count_and_nothing_else(store: Store) -> None:
    limits = InboxLimits(per_number_per_day=1)
    for n in range(9):
        await received(store, f"SM{n}", limits=limits)
    async with store.begin() as db:
        counts = await daily_counts.read(db, NOW.date(), NOW.date())
        keys = (await db.execute(idempotency_keys.select())).all()
    assert counts[NOW.date(), "incoming text refused"] == 8
    assert len(keys) == await kept(store) == 1


async def test_a_text_that_was_kept_is_not_refused_when_it_is_delivered_again(store: Store) -> None:
    limits = InboxLimits(per_number_per_day=1)
    assert [await received(store, "SM1", limits=limits) for _ in range(3)] == [Receipt.answer] * 3


async def test_whoever_opted_out_is_kept_for_staff_and_not_answered(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW)
    assert await received(store, "SM1") is Receipt.no_answer
    assert await kept(store) == 1


async def test_a_flood_over_two_processes_is_bounded_too(url: str) -> None:
    limits = InboxLimits(per_number_per_day=5)
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        texts = [received(store, f"SM{n}{id(store)}", limits=limits) for n in range(10) for store in (one, other)]
        receipts = await asyncio.gather(*texts)
    assert receipts.count(Receipt.refused) == 15
