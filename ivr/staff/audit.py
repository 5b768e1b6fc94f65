"""Verifies the chain of the audit log, and names each entry that was changed, removed, put in or moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from ivr.errors import InvalidInput
from ivr.staff.audit_walk import AuditWalk, name
from ivr.store import audit_chain
from ivr.store.audit_chain import FIRST, GENESIS, LAST, End
from ivr.store.database import Store
from ivr.store.tables import audit_log

BATCH = 1000
"""Entries of one transaction."""
MOST_FINDINGS = 100
TRIES = 3
SHORTEST_SEAL = 16
"""Characters of a seal that somebody wrote down."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification of the audit log found: a sentence for each fault, the first hundred of them.

    `chained` entries were looked at; `unchained` ones are from before there was a chain, and prove nothing. `seal` is
    that of the last entry, for whoever writes it down to compare with it later.
    """

    chained: int
    unchained: int
    seal: str | None
    findings: tuple[str, ...]


async def verify(store: Store, written_down: str = "") -> Verified:
    """Verify the whole log; `written_down` is a seal, or the beginning of one, that the log ended with once.

    Others may write meanwhile; where the purge takes entries meanwhile, it is verified again. Raises InvalidInput.
    """
    seal = written_down.strip().lower()
    if seal and (len(seal) < SHORTEST_SEAL or not set(seal) <= set("0123456789abcdef")):
        raise InvalidInput(f"“{written_down}” is no seal: `ivr audit verify` prints one, such as 3f9a0c1d2e4b5a69.")
    for _ in range(TRIES):
        first = await _end(store, FIRST)
        found = await _verify(store, first, seal)
        if await _end(store, FIRST) == first:
            break
    return found


async def _verify(store: Store, first: End | None, written_down: str) -> Verified:
    start = first.seal if first else GENESIS
    walk = AuditWalk(store.cipher, start, is_chained=start != GENESIS)
    last, is_found = await _walk(store, walk, written_down)
    ends_there = walk.follows(last.seal if last else walk.expected)
    findings = [*_ends(walk, first, last), *walk.findings]
    if last and not ends_there:
        findings.append(await _after_the_end(store, last))
    findings += [await _stray(store, row) for row in walk.strays[:MOST_FINDINGS]]
    if written_down and not (is_found or start.hex().startswith(written_down)):
        findings.append(
            f"No entry has the seal {written_down}…: the log is an older copy, or another one, or that entry is more"
            " than a year old."
        )
    return Verified(walk.chained, walk.unchained, last.seal.hex() if last else None, tuple(findings[:MOST_FINDINGS]))


async def _walk(store: Store, walk: AuditWalk, written_down: str) -> tuple[End | None, bool]:
    """Walk to the end; return the record of that end, and whether some entry has the seal that was written down."""
    after, is_found = -1, False
    while True:
        rows, last = await _batch(store, after)
        for row in rows:
            walk.step(row)
            is_found = is_found or (row.seal or b"").hex().startswith(written_down)
        if len(rows) < BATCH:
            return last, is_found
        after = rows[-1].n


async def _batch(store: Store, after: int) -> tuple[Sequence[Row[Any]], End | None]:
    """Return the entries after one, and the record of the end at that moment, though others may write."""
    query = select(audit_log).where(audit_log.c.n > after).order_by(audit_log.c.n).limit(BATCH)
    while True:
        async with store.read() as db:
            last = await audit_chain.end(db, store.cipher, LAST)
            rows = (await db.execute(query)).all()
            if await audit_chain.end(db, store.cipher, LAST) == last:
                return rows, last


def _ends(walk: AuditWalk, first: End | None, last: End | None) -> Iterator[str]:
    for end, where in ((first, "begins"), (last, "ends")):
        if end is None and walk.is_chained:
            yield f"The record of where the log {where} was removed (audit_ends)."
        if end is not None and not end.is_ours:
            yield f"The record of where the log {where} was changed (audit_ends)."


async def _after_the_end(store: Store, last: End) -> str:
    row = await _with_seal(store, last.seal)
    if row is not None:
        return f"{name(row)} stands out of order: it was written last."
    return f"One or more entries at the end of the log were removed: the last had number {last.n}."


async def _stray(store: Store, row: Row[Any]) -> str:
    before = await _with_seal(store, row.previous)
    if before is not None:
        return f"{name(row)} stands out of order: it was written after entry {before.n}."
    return f"One or more entries before {name(row)} were removed."


async def _with_seal(store: Store, seal: bytes) -> Row[Any] | None:
    async with store.read() as db:
        return (await db.execute(select(audit_log).where(audit_log.c.seal == seal))).first()


async def _end(store: Store, which: str) -> End | None:
    async with store.read() as db:
        return await audit_chain.end(db, store.cipher, which)
