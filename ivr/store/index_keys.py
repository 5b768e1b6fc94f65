"""The keys of the blind indexes: random, made once for a database, and kept in it sealed under each secret in use.

So a change of the secrets changes no blind index, and an old secret can go: whoever said STOP is still found. Each
sealed copy is a check value too: a process whose secrets open none of them does not fit this database.

A database from before adopts the keys that its blind indexes were made with, which were derived from the secrets.
"""

from collections.abc import Mapping
from secrets import token_bytes

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import SecretDoesNotFit
from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.idempotency import insert_new
from ivr.store.older_index_keys import adopt
from ivr.store.tables import index_keys

LENGTH = 32
"""Bytes of one key; what is sealed is one after the other, the current first."""


async def read(db: AsyncConnection, cipher: Cipher) -> tuple[bytes, ...] | None:
    """Return the keys; None if there are none yet, or no copy under one of our secrets: `add` is to be called.

    Raises SecretDoesNotFit.
    """
    copies = await _copies(db)
    found = _opened(cipher, copies)
    return found if found and copies.keys() >= set(cipher.fingerprints) else None


async def add(db: AsyncConnection, cipher: Cipher) -> tuple[bytes, ...]:
    """Return the keys, made or adopted if there are none, with a copy under each of our secrets.

    Raises SecretDoesNotFit.
    """
    await advisory_lock(db, "index keys")
    copies = await _copies(db)
    found = _opened(cipher, copies) or await adopt(db, cipher) or (token_bytes(LENGTH),)
    last = await db.scalar(select(func.max(index_keys.c.n))) or 0
    for n, place in enumerate(_oldest_first(cipher, found[0]), last + 1):
        if (secret := cipher.fingerprints[place]) not in copies:
            await insert_new(db, index_keys, secret=secret, sealed=cipher.encrypt_bytes(b"".join(found), place), n=n)
    return found


async def secrets_known(db: AsyncConnection) -> list[str]:
    """Return the fingerprints of the secrets that there are copies for, in the order in which they came."""
    return list(await db.scalars(select(index_keys.c.secret).order_by(index_keys.c.n)))


async def forget(db: AsyncConnection, keep: set[str]) -> int:
    """Delete the copies of all other secrets; return how many there were."""
    return (await db.execute(index_keys.delete().where(index_keys.c.secret.not_in(keep)))).rowcount


def _oldest_first(cipher: Cipher, key: bytes) -> list[int]:
    """Return the places of our secrets: first the one that the current key was derived from, if any, then the last."""
    last_first = sorted(range(len(cipher.fingerprints)), reverse=True)
    return sorted(last_first, key=lambda place: cipher.derived_index_keys[-1 - place] != key)


async def _copies(db: AsyncConnection) -> dict[str, bytes]:
    return {row.secret: row.sealed for row in await db.execute(select(index_keys))}


def _opened(cipher: Cipher, copies: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """Return the keys, or nothing where there are no copies; raise SecretDoesNotFit where none can be opened."""
    for sealed in copies.values():
        if cipher.place_of(sealed) is not None:
            keys = cipher.decrypt_bytes(sealed)
            return tuple(keys[start : start + LENGTH] for start in range(0, len(keys), LENGTH))
    if copies:
        raise SecretDoesNotFit(cipher.fingerprints, copies)
    return ()
