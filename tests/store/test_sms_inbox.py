import asyncio
from datetime import datetime

from ivr.store import sms_inbox
from ivr.store.database import Store
from tests.store.conftest import SECRETS
from tests.store.fixtures import DAY, HOUR, MINUTE, NOW, OTHER, PARENT


async def taken(store: Store, key: str, number: str = PARENT, at: datetime = NOW) -> bool:
    async with store.begin() as db:
        return await sms_inbox.receive(db, store.cipher, key, number, "Can you ring me?", at)


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
