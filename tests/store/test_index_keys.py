"""The keys of the blind indexes are a database's own: no change of the secrets changes them, and they tell who fits."""

import asyncio
from collections.abc import Sequence
from itertools import permutations

import pytest
from sqlalchemy import delete, select, update

from ivr.errors import SecretDoesNotFit
from ivr.store import index_keys as index_keys_of
from ivr.store import opt_outs
from ivr.store.cipher import Cipher, fingerprint
from ivr.store.database import Store
from ivr.store.tables import index_keys, sms_outbox
from tests.store.conftest import SECRETS
from tests.store.fixtures import NOW, OTHER, PARENT, enqueue_text, request_callback

OLD, NEW, NEWER, STRANGE = SECRETS[0], b"n" * 32, b"m" * 32, b"s" * 32


async def index(url: str, *secrets: bytes, number: str = PARENT) -> bytes:
    """Return the blind index of a number, as a process with these secrets makes it."""
    async with Store(url, secrets, 30) as store, store.begin():
        return store.cipher.blind_index(number)


async def test_the_key_is_not_derived_from_the_secret(url: str) -> None:
    assert await index(url, OLD) not in [
        Cipher([OLD], [key]).blind_index(PARENT) for key in Cipher([OLD]).derived_index_keys
    ]


async def test_every_process_makes_the_same_blind_index_however_its_secrets_are_ordered(url: str) -> None:
    first = await index(url, OLD)
    for secrets in ((OLD, NEW), (NEW, OLD), (NEW,), (NEW, NEWER), (NEWER,)):
        assert await index(url, *secrets) == first


async def test_processes_that_start_at_the_same_moment_agree(url: str) -> None:
    assert len(set(await asyncio.gather(*(index(url, OLD) for _ in range(4))))) == 1


async def test_stop_is_honoured_after_the_secret_that_it_was_said_under_is_gone(url: str) -> None:
    async with Store(url, [OLD], 30) as store, store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW)
    for secrets in ([OLD, NEW], [NEW, OLD], [NEW]):
        async with Store(url, secrets, 30) as store, store.begin() as db:
            assert await opt_outs.is_opted_out(db, store.cipher.blind_index(PARENT))
            assert not await opt_outs.is_opted_out(db, store.cipher.blind_index(OTHER))


async def test_there_is_a_copy_under_each_secret_in_the_order_in_which_they_came(url: str) -> None:
    for secrets in ((OLD,), (OLD, NEW), (NEWER, NEW)):
        await index(url, *secrets)
    async with Store(url, [NEW], 30) as store, store.begin() as db:
        rows = (await db.execute(select(index_keys).order_by(index_keys.c.n))).all()
        assert [row.secret for row in rows] == [fingerprint(one) for one in (OLD, NEW, NEWER)]
        opened = [Cipher([one]).decrypt_bytes(row.sealed) for one, row in zip((OLD, NEW, NEWER), rows, strict=True)]
    assert len(set(opened)) == 1


@pytest.mark.parametrize("secrets", [(STRANGE,), (STRANGE, NEWER)])
async def test_a_process_whose_secret_does_not_fit_reads_and_writes_nothing(url: str, secrets: Sequence[bytes]) -> None:
    await index(url, OLD)
    async with Store(url, secrets, 30) as store:
        for reads_only in (True, False):
            with pytest.raises(SecretDoesNotFit, match=r"^IVR_SECRET_KEY \(\w{8}") as refused:
                async with store.begin(reads_only=reads_only):
                    pytest.fail("it began")
        assert fingerprint(OLD) in str(refused.value)
        with pytest.raises(SecretDoesNotFit):
            await enqueue_text(store)


async def test_a_process_that_did_not_fit_works_once_another_has_brought_its_secret(url: str) -> None:
    await index(url, OLD)
    async with Store(url, [NEW], 30) as store:
        with pytest.raises(SecretDoesNotFit):
            await enqueue_text(store)
        await index(url, OLD, NEW)
        await enqueue_text(store)


# A database of a release before this one: its blind indexes were made with a key derived from the oldest secret.


async def of_before(url: str, made_with: bytes, *sealed_with: bytes) -> bytes:
    """Make a database as it was left by a release that derived the key; return the blind index of PARENT."""
    derived = Cipher([made_with]).derived_index_keys
    async with Store(url, sealed_with, 30) as store:
        async with store.begin():
            store.cipher.use_index_keys(derived)
        await enqueue_text(store)
        await request_callback(store)
        async with store.begin() as db:
            await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW)
            await db.execute(delete(index_keys))
        return store.cipher.blind_index(PARENT)


@pytest.mark.parametrize("secrets", [*permutations([OLD, NEW]), (OLD,)])
async def test_a_database_of_before_keeps_its_blind_indexes(url: str, secrets: Sequence[bytes]) -> None:
    before = await of_before(url, OLD, OLD)
    assert await index(url, *secrets) == before
    assert await index(url, secrets[0]) == before


async def test_the_key_that_is_adopted_is_the_one_that_made_the_rows_there_are(url: str) -> None:
    before = await of_before(url, NEW, OLD)  # the secrets were once in the other order
    assert await index(url, NEW, OLD) == before


@pytest.mark.parametrize("secrets", [*permutations([OLD, NEW])])
async def test_the_oldest_secret_is_the_one_that_made_the_rows_there_are(url: str, secrets: Sequence[bytes]) -> None:
    await of_before(url, OLD, OLD)
    await index(url, *secrets)
    async with Store(url, [OLD], 30) as store, store.begin() as db:
        assert await index_keys_of.secrets_known(db) == [fingerprint(OLD), fingerprint(NEW)]


async def test_what_was_indexed_under_another_secret_of_before_is_still_found(url: str) -> None:
    await of_before(url, OLD, OLD)
    async with Store(url, [NEW, OLD], 30) as store, store.begin():
        derived = {Cipher((), [key]).blind_index(PARENT) for key in Cipher([NEW, OLD]).derived_index_keys}
        assert set(store.cipher.blind_indexes(PARENT)) == derived


async def test_a_wrong_secret_adopts_nothing_in_a_database_of_before(url: str) -> None:
    before = await of_before(url, OLD, OLD)
    with pytest.raises(SecretDoesNotFit):
        await index(url, STRANGE)
    assert await index(url, OLD) == before


async def test_one_row_of_before_that_cannot_be_read_decides_nothing(url: str) -> None:
    before = await of_before(url, OLD, OLD)
    async with Store(url, [OLD], 30) as store, store.begin() as db:
        await db.execute(update(sms_outbox).values(number=b"sealed by nobody"))
        await db.execute(delete(index_keys))
    assert await index(url, OLD) == before


async def test_opt_outs_alone_are_found_by_the_oldest_secret(url: str) -> None:
    [derived] = Cipher([OLD]).derived_index_keys
    before = Cipher((), [derived]).blind_index(PARENT)
    async with Store(url, [OLD], 30) as store, store.begin() as db:
        await opt_outs.opt_out(db, before, NOW)
        await db.execute(delete(index_keys))
    assert await index(url, NEW, OLD) == before
