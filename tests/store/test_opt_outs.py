import pytest

from ivr.store import opt_outs, reminders
from ivr.store.database import Store
from ivr.store.opt_outs import OptOutSource
from ivr.store.tables import opt_outs as table
from tests.store.conftest import SECRETS
from tests.store.fixtures import DAY, HOUR, NOW, OTHER, PARENT, schedule_reminders


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


async def held(store: Store) -> bool:
    async with store.begin() as db:
        return await opt_outs.is_held_by_provider(db, store.cipher.blind_index(PARENT))


@pytest.mark.parametrize("source", OptOutSource)
async def test_what_the_provider_holds_is_told_from_what_is_ours(store: Store, source: OptOutSource) -> None:
    assert not await held(store)
    async with store.begin() as db:
        assert await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW, source)
    assert await held(store) == (source is OptOutSource.provider)


async def test_what_the_provider_holds_as_well_is_the_providers(store: Store) -> None:
    for source in (OptOutSource.staff, OptOutSource.provider, OptOutSource.caller):
        async with store.begin() as db:
            await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW, source)
    assert await held(store)


async def test_an_opt_out_of_an_older_release_counts_as_the_providers(store: Store) -> None:
    async with store.begin() as db:
        await db.execute(table.insert().values(blind_index=store.cipher.blind_index(PARENT), since=NOW))
    assert await held(store)


async def test_whoever_opts_out_has_no_reminders(store: Store) -> None:
    await schedule_reminders(store, NOW + DAY)
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW, OptOutSource.staff)
        assert await reminders.cancel(db, store.cipher, PARENT) == 0
