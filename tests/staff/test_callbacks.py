"""What an adviser does with a caller on the list, on both databases, with nothing but `ivr.staff.callbacks`."""

import pytest

from ivr.staff import callbacks
from ivr.staff.lookup import NoSuchItem
from ivr.staff.working import CannotClaim
from ivr.store import audit, callback_list
from ivr.store.audit import By
from ivr.store.callback_list import CallbackState
from ivr.store.claims import A_CLAIM
from ivr.store.database import Store
from tests.store.fixtures import MINUTE, NOW, callback_items, request_callback

ANN, BEN = By("Ann", NOW), By("Ben", NOW + MINUTE)


async def test_a_claim_is_one_advisers_until_it_lapses(store: Store) -> None:
    await request_callback(store)
    [item] = await callback_items(store)
    async with store.begin() as db:
        claimed = await callbacks.claim(db, store.cipher, item.id[:4].upper(), ANN)
        assert (claimed.id, claimed.by, claimed.state) == (item.id, "Ann", CallbackState.claimed)
        with pytest.raises(CannotClaim, match=r"^Ann has claimed them\.$"):
            await callbacks.claim(db, store.cipher, item.id, BEN)
        later = By("Ben", NOW + A_CLAIM + MINUTE)
        [lapsed] = await callback_list.read(db, store.cipher, later.at)
        assert (lapsed.by, lapsed.state) == (None, CallbackState.open)
        assert (await callbacks.claim(db, store.cipher, item.id, later)).by == "Ben"


async def test_who_did_it_is_written_down_in_the_same_transaction(store: Store) -> None:
    await request_callback(store)
    [item] = await callback_items(store)
    with pytest.raises(RuntimeError):
        async with store.begin() as db:
            await callbacks.settle(db, store.cipher, item.id, ANN, reached=True)
            assert [entry.who for entry in await audit.read(db, 9)] == ["Ann"]
            raise RuntimeError("the page is gone")
    async with store.begin() as db:
        assert await audit.read(db, 9) == []
        settled = await callbacks.settle(db, store.cipher, item.id, BEN, reached=False)
        assert (settled.by, settled.state) == ("Ben", CallbackState.gave_up)
        with pytest.raises(NoSuchItem):
            await callbacks.release(db, store.cipher, item.id, BEN)
