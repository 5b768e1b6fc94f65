"""What the provider's numbers were set to before they were pointed at this helpline, so that it can be put back.

It is sealed: somebody else's address may have a password in it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.tables import number_configurations as table

LOCK = "number configurations"


@dataclass(frozen=True, slots=True)
class Before:
    """Parameters of a number as they were, such as `VoiceUrl`, and when they were first written down."""

    configuration: Mapping[str, str] = field(repr=False)
    written: datetime


async def read(db: AsyncConnection, cipher: Cipher) -> dict[str, Before]:
    """Return what is written down, by the SIDs of numbers. Raises InvalidToken for what we cannot decrypt."""
    rows = await db.execute(select(table).order_by(table.c.written, table.c.sid))
    return {row.sid: Before(json.loads(cipher.decrypt(row.before)), row.written) for row in rows}


async def remember(db: AsyncConnection, cipher: Cipher, sid: str, before: Mapping[str, str], now: datetime) -> None:
    """Write parameters of a number down; what is written down of it already stays as it is."""
    await advisory_lock(db, LOCK)
    known = (await read(db, cipher)).get(sid)
    sealed = cipher.encrypt(json.dumps({**before, **known.configuration} if known else dict(before)))
    if known:
        await db.execute(update(table).where(table.c.sid == sid).values(before=sealed))
    else:
        await db.execute(insert(table).values(sid=sid, before=sealed, written=now))


async def forget(db: AsyncConnection, sid: str) -> None:
    """Forget what a number was set to."""
    await db.execute(delete(table).where(table.c.sid == sid))
