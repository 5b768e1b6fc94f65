"""What a database from before it had index keys of its own made its blind indexes with: keys derived from secrets."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import SecretDoesNotFit
from ivr.store.cipher import Cipher
from ivr.store.tables import (
    advisers,
    call_events,
    callbacks,
    idempotency_keys,
    opt_outs,
    reminders,
    sms_inbox,
    sms_outbox,
    voicemails,
)

NUMBERED = sms_outbox, sms_inbox, callbacks, voicemails, reminders, advisers
"""The tables whose rows have a number and its blind index side by side."""
INDEXED = *NUMBERED, opt_outs, idempotency_keys, call_events
"""The tables that no database which is in use has empty, all of them."""
LOOKED_AT = 100
"""Rows of each table."""


async def adopt(db: AsyncConnection, cipher: Cipher) -> tuple[bytes, ...]:
    """Return the keys derived from our secrets, that of the existing blind indexes first; nothing for a new database.

    That was the oldest secret's. Where another made those that are there (the secrets may have been reordered), that
    one stays the current. Raises SecretDoesNotFit if there are sealed rows and none of our secrets opens any.
    """
    derived, sealed = cipher.derived_index_keys, False
    async for row in _numbered(db):
        sealed = True
        number = cipher.decrypt_or_none(row.number)
        if number is not None and (key := _maker(cipher, number, row.blind_index)):
            return key, *(other for other in derived if other != key)
    if sealed:
        raise SecretDoesNotFit(cipher.fingerprints)
    return derived if [table for table in INDEXED if (await db.execute(select(table).limit(1))).first()] else ()


def _maker(cipher: Cipher, number: str, blind_index: bytes) -> bytes | None:
    """Return the key that made a blind index, if it is one of ours."""
    by = {Cipher((), [key]).blind_index(number): key for key in cipher.derived_index_keys}
    return by.get(blind_index)


async def _numbered(db: AsyncConnection) -> AsyncIterator[Any]:
    for table in NUMBERED:
        for row in (await db.execute(select(table.c.number, table.c.blind_index).limit(LOOKED_AT))).all():
            yield row
