from ivr.store import opt_outs
from ivr.store.database import Store
from tests.store.conftest import SECRETS
from tests.store.fixtures import HOUR, NOW, OTHER, PARENT


async def test_stop_holds_until_start(store: Store) -> None:
    blind_index = store.cipher.blind_index(PARENT)
    async with store.begin() as db:
        assert not await opt_outs.is_opted_out(db, blind_index)
        await opt_outs.opt_out(db, blind_index, NOW)
        assert await opt_outs.is_opted_out(db, blind_index)
        assert not await opt_outs.is_opted_out(db, store.cipher.blind_index(OTHER))
        await opt_outs.opt_in(db, blind_index)
        assert not await opt_outs.is_opted_out(db, blind_index)


async def test_stop_said_twice_is_since_the_first(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, b"blind_index", NOW)
        await opt_outs.opt_out(db, b"blind_index", NOW + HOUR)
        assert await opt_outs.opted_out_since(db, b"blind_index") == NOW


async def test_start_without_stop_changes_nothing(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_in(db, b"blind_index")
        assert await opt_outs.opted_out_since(db, b"blind_index") is None


async def test_a_new_secret_does_not_forget_who_said_stop(url: str) -> None:
    async with Store(url, SECRETS, 30) as old, Store(url, [b"1" * 32, *SECRETS], 30) as new:
        async with old.begin() as db:
            await opt_outs.opt_out(db, old.cipher.blind_index(PARENT), NOW)
        async with new.begin() as db:
            assert await opt_outs.is_opted_out(db, new.cipher.blind_index(PARENT))
