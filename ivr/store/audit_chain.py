"""Chains the entries of the audit log, so that `ivr audit verify` finds one that was changed, removed or moved.

Each entry holds the seal of the one before it and a seal of its own: a keyed hash (HMAC-SHA-256) of its words and of
the seal before. The place in the table (`n`) is not in it, so rows may be numbered anew. `audit_ends` holds the seals
at both ends under a keyed hash, or entries could be taken off there unseen. The key is derived from that of the blind
indexes, which outlives a change of IVR_SECRET_KEY. docs/security.md says what a chain cannot find.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from json import dumps
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.idempotency import insert_into
from ivr.store.tables import audit_ends, audit_log

GENESIS = bytes(32)
"""What stands for the seal before the very first entry."""
LOCK = "audit log"
CIPHER = "cipher of the audit log"
FIRST, LAST = "first", "last"
BEYOND = 2**63 - 1


@dataclass(frozen=True, slots=True)
class End:
    """One end of the chain: the place of its entry, the seal, and whether this is what we wrote down."""

    n: int
    seal: bytes
    is_ours: bool


def seal_with(db: AsyncConnection, cipher: Cipher) -> None:
    """Have entries that are written on this connection sealed; on one without a cipher they have no seal."""
    db.info[CIPHER] = cipher


async def append(db: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Add an entry at the end of the chain: `at`, `who`, `what`, and `account` if there is one."""
    cipher: Cipher | None = db.info.get(CIPHER)
    if cipher is None:
        await db.execute(insert(audit_log).values(row))
        return
    await advisory_lock(db, LOCK)
    last = await end(db, cipher, LAST)
    previous = last.seal if last else GENESIS
    own = seal(cipher, row, previous)
    sealed = insert(audit_log).values(**row, previous=previous, seal=own)
    n: int = (await db.execute(sealed.returning(audit_log.c.n))).scalar_one()
    if last is None:
        await _set_end(db, cipher, FIRST, n, GENESIS)
    await _set_end(db, cipher, LAST, n, own)


def seal(cipher: Cipher, row: Mapping[str, Any], previous: bytes) -> bytes:
    """Return the seal of an entry."""
    at: datetime = row["at"]
    words = [at.astimezone(UTC).isoformat(), row["who"], row.get("account"), row["what"], previous.hex()]
    return cipher.audit_mac(dumps(words))


def seal_of_row(cipher: Cipher, row: Row[Any]) -> bytes:
    """Return the seal that an entry should have after the seal that it says came before."""
    return seal(cipher, row._asdict(), row.previous or b"")


async def end(db: AsyncConnection, cipher: Cipher, which: str) -> End | None:
    """Return one end of the chain, FIRST or LAST; None if nothing is chained yet."""
    row = (await db.execute(select(audit_ends).where(audit_ends.c.end == which))).first()
    return End(row.n, row.seal, compare_digest(row.mac, _mac(cipher, which, row.n, row.seal))) if row else None


def older(than: datetime) -> ColumnElement[bool]:
    """Return the condition that an entry, and each one before it, was written before a moment.

    So the purge takes entries from the beginning of the chain only, whatever the clock said when one was written.
    """
    kept = audit_log.alias()
    first_kept = select(func.coalesce(func.min(kept.c.n), BEYOND)).where(kept.c.at >= than)
    return audit_log.c.n < first_kept.scalar_subquery()


async def move_first(db: AsyncConnection) -> None:
    """Have the chain begin at the first entry that is left, after the purge has taken some from its beginning."""
    cipher: Cipher = db.info[CIPHER]
    await advisory_lock(db, LOCK)
    last = await end(db, cipher, LAST)
    if last is None:
        return
    left = select(audit_log).where(audit_log.c.seal.is_not(None)).order_by(audit_log.c.n).limit(1)
    row = (await db.execute(left)).first()
    n, before = (row.n, row.previous) if row else (last.n, last.seal)
    await _set_end(db, cipher, FIRST, n, before)


async def _set_end(db: AsyncConnection, cipher: Cipher, which: str, n: int, own: bytes) -> None:
    values = {"n": n, "seal": own, "mac": _mac(cipher, which, n, own)}
    new = insert_into(db.dialect, audit_ends).values(end=which, **values)
    await db.execute(new.on_conflict_do_update(index_elements=["end"], set_=values))


def _mac(cipher: Cipher, which: str, n: int, own: bytes) -> bytes:
    return cipher.audit_mac(dumps([which, n, own.hex()]))
