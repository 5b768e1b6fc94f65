"""Two people cannot work on the same, however close together they ask."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import callback_list, sms_inbox, voicemail_list, voicemails
from ivr.store.claims import A_CLAIM
from ivr.store.database import Store
from tests.store.conftest import SECRETS
from tests.store.fixtures import MINUTE, NOW, callback_items, request_callback
from tests.store.test_waiting_list import message, text_in

Work = Callable[[AsyncConnection, str, str, datetime], Awaitable[bool]]


async def callback(store: Store) -> str:
    await request_callback(store)
    return (await callback_items(store))[0].id


KINDS = {
    "callback": (callback, callback_list.claim, callback_list.release),
    "message": (message, voicemail_list.claim, voicemail_list.release),
    "text": (text_in, sms_inbox.claim, sms_inbox.release),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_of_many_who_claim_at_once_one_has_it(store: Store, url: str, kind: str) -> None:
    make, claim, _ = KINDS[kind]
    id = await make(store)

    async def claims(who: str) -> bool:
        async with Store(url, SECRETS, 30) as other, other.begin() as db:
            return await claim(db, id, who, NOW)

    won = await asyncio.gather(*(claims(f"adviser {n}") for n in range(8)))
    assert won.count(True) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_a_claim_is_kept_from_others_until_it_is_released_or_lapses(store: Store, kind: str) -> None:
    make, claim, release = KINDS[kind]
    id = await make(store)
    async with store.begin() as db:
        assert await claim(db, id, "Ann", NOW)
        assert await claim(db, id, "Ann", NOW + MINUTE)
        assert not await claim(db, id, "Ben", NOW + A_CLAIM)
        assert not await release(db, id, "Ben", NOW)
        assert await release(db, id, "Ann", NOW)
        assert await claim(db, id, "Ben", NOW)
        assert await claim(db, id, "Ann", NOW + A_CLAIM + timedelta(seconds=1))


async def test_a_message_that_somebody_has_claimed_is_not_done_by_another(store: Store) -> None:
    id = await message(store)
    async with store.begin() as db:
        await voicemail_list.claim(db, id, "Ann", NOW)
        assert not await voicemails.done(db, id, "Ben", NOW)
        assert await voicemails.done(db, id, "Ann", NOW)
        assert not await voicemail_list.claim(db, id, "Ann", NOW)
        [found] = await voicemail_list.find(db, store.cipher, id)
        assert (found.by, found.claimed_by) == ("Ann", None)
        assert await voicemail_list.undo(db, id, NOW)
        assert not await voicemail_list.undo(db, id, NOW)
        [again] = await voicemail_list.read(db, store.cipher)
        assert (again.by, again.state) == (None, "sent")


async def test_a_text_that_somebody_has_claimed_is_not_done_by_another(store: Store) -> None:
    id = await text_in(store)
    async with store.begin() as db:
        await sms_inbox.claim(db, id, "Ann", NOW)
        assert not await sms_inbox.done(db, id, "Ben", NOW)
        assert await sms_inbox.done(db, id, "Ann", NOW)
        [found] = await sms_inbox.find(db, store.cipher, id)
        assert (found.done_by, found.done, found.claimed_by) == ("Ann", NOW, None)
