from ivr.store import stops
from ivr.store.database import Store
from tests.store.conftest import SECRETS
from tests.store.made_up import HOUR, NOW, OTHER, PARENT


async def test_stop_holds_until_start(store: Store) -> None:
    mark = store.cipher.mark(PARENT)
    async with store.begin() as db:
        assert not await stops.is_stopped(db, mark)
        await stops.stop(db, mark, NOW)
        assert await stops.is_stopped(db, mark)
        assert not await stops.is_stopped(db, store.cipher.mark(OTHER))
        await stops.start(db, mark)
        assert not await stops.is_stopped(db, mark)


async def test_stop_said_twice_is_since_the_first(store: Store) -> None:
    async with store.begin() as db:
        await stops.stop(db, b"mark", NOW)
        await stops.stop(db, b"mark", NOW + HOUR)
        assert await stops.since(db, b"mark") == NOW


async def test_start_without_stop_changes_nothing(store: Store) -> None:
    async with store.begin() as db:
        await stops.start(db, b"mark")
        assert await stops.since(db, b"mark") is None


async def test_a_new_secret_does_not_forget_who_said_stop(url: str) -> None:
    async with Store(url, SECRETS, 30) as old, Store(url, [b"1" * 32, *SECRETS], 30) as new:
        async with old.begin() as db:
            await stops.stop(db, old.cipher.mark(PARENT), NOW)
        async with new.begin() as db:
            assert await stops.is_stopped(db, new.cipher.mark(PARENT))
