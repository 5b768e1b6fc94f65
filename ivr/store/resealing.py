"""Counts what is sealed under which secret, and seals it anew under the first, in batches, while calls go on."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import Row, Table, select, update

from ivr.store.cipher import Cipher
from ivr.store.database import Store
from ivr.store.tables import (
    accounts,
    advisers,
    alert_messages,
    blocks,
    call_events,
    callbacks,
    data_complaints,
    hunts,
    notes,
    number_configurations,
    reminders,
    sms_inbox,
    sms_outbox,
    voicemails,
)

SEALED: Mapping[Table, tuple[str, ...]] = {
    reminders: ("number", "body"),  # before the outbox, to which they move
    sms_outbox: ("number", "body"),
    sms_inbox: ("number", "body"),
    callbacks: ("number",),
    voicemails: ("number", "sound", "sid"),
    advisers: ("number",),
    call_events: ("sid",),
    hunts: ("number",),
    notes: ("body",),
    accounts: ("email", "totp", "mobile"),
    alert_messages: ("body",),
    blocks: ("number", "body"),
    data_complaints: ("body", "name", "number", "contact", "answer"),
    number_configurations: ("before",),
}
"""Every column that holds something encrypted; the first of a table is never empty where another is not. (That of
`index_keys` has a copy under each secret.)"""
BATCH, BATCH_OF_SOUNDS = 200, 5
"""Rows of a transaction: callers wait for no longer one. A sound is a megabyte."""

Counts = Counter[str | None]
"""How many values are sealed under which secret, by its fingerprint; None: under one that we do not have."""


async def count(store: Store) -> Counts:
    """Return how many values are sealed under which secret. Every one is decrypted, which takes seconds at most."""
    counts: Counts = Counter()
    for table in SEALED:
        async for rows in _batches(store, table):
            counts.update(_secret_of(store.cipher, value) for row in rows for value in _values(table, row).values())
    return counts


async def reseal(store: Store) -> int:
    """Seal under our first secret what is under another of ours; return how many values.

    What cannot be decrypted stays as it is. Killed in the middle, it goes on where it was when it is run again.
    """
    done = 0
    while again := sum([await _reseal(store, table) for table in SEALED]):  # rows may move between tables meanwhile
        done += again
    return done


async def _reseal(store: Store, table: Table) -> int:
    done = 0
    async for rows in _batches(store, table):
        if anew := [(row, values) for row in rows if (values := _anew(store.cipher, _values(table, row)))]:
            async with store.begin() as db:
                for row, values in anew:
                    # Whatever was changed since it was read stays so, and is found next time.
                    same = [table.c[name] == row._mapping[name] for name in values]
                    changed = await db.execute(update(table).where(_key_is(table, row), *same).values(values))
                    done += changed.rowcount * len(values)
    return done


def _anew(cipher: Cipher, values: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return those values that are under another of our secrets than the first, sealed under the first."""
    others = {name: value for name, value in values.items() if cipher.place_of(value) not in (0, None)}
    return {name: cipher.encrypt_bytes(cipher.decrypt_bytes(value)) for name, value in others.items()}


def _secret_of(cipher: Cipher, sealed: bytes) -> str | None:
    place = cipher.place_of(sealed)
    return None if place is None else cipher.fingerprints[place]


def _values(table: Table, row: Row[Any]) -> dict[str, bytes]:
    return {name: row._mapping[name] for name in SEALED[table] if row._mapping[name] is not None}


async def _batches(store: Store, table: Table) -> AsyncIterator[list[Row[Any]]]:
    """Yield all rows with something sealed, in the order of their key, each batch read in a transaction of its own."""
    [key] = table.primary_key.columns
    sealed = [table.c[name] for name in SEALED[table]]
    size = BATCH_OF_SOUNDS if table is voicemails else BATCH
    after: Any = None
    while True:
        query = select(key, *sealed).where(sealed[0].is_not(None)).order_by(key).limit(size)
        async with store.read() as db:
            rows = list(await db.execute(query if after is None else query.where(key > after)))
        if not rows:
            return
        yield rows
        after = rows[-1]._mapping[key.name]


def _key_is(table: Table, row: Row[Any]) -> Any:
    [key] = table.primary_key.columns
    return key == row._mapping[key.name]
