"""What a database knows that its own earlier backup does not, and must not be forgotten when that is restored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.backup import shifts_since
from ivr.backup.contents import Mark
from ivr.backup.shifts_since import ShiftsSince
from ivr.store import accounts, audit, reminders, sms_outbox, staff_sessions
from ivr.store.audit import By, Entry
from ivr.store.schema_version import check_schema
from ivr.store.tables import audit_log, opt_outs


@dataclass(frozen=True, slots=True)
class Since:
    """Everybody who has said STOP, what staff have done since the backup, the earliest first, and who of them has left.

    Those who have left are given by the ids of their accounts. `shifts` is what is known of shifts, if that is.
    """

    opt_outs: Sequence[Mapping[str, Any]] = ()
    done: Sequence[Entry] = ()
    left: Sequence[str] = ()
    shifts: ShiftsSince | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How many texts are looked for at the provider before they are sent, and how many opt-outs were carried over."""

    texts: int
    opt_outs: int


async def read_since(db: AsyncConnection, mark: Mark | None) -> Since:
    """Return what the present database knows; raise SchemaNotMigrated for one of another schema."""
    await check_schema(db)
    stopped = [dict(row._mapping) for row in await db.execute(select(opt_outs))]
    done = await _done(db, mark) if mark else ()
    return Since(stopped, done, await accounts.ids_of_leavers(db), await shifts_since.read(db))


async def settle(db: AsyncConnection, since: Since, what: str, by: By) -> Settled:
    """Write into a restored backup what is known besides, and `what` was done into its audit log.

    Texts that may have been sent since are doubted: nobody is texted twice. Whoever of staff has left since stays out,
    and everybody else signs in again: sessions of then may have been ended since.
    """
    known = set(await db.scalars(select(opt_outs.c.blind_index)))
    new = [row for row in since.opt_outs if row["blind_index"] not in known]
    if new:
        await db.execute(insert(opt_outs), new)
    await accounts.keep_out(db, since.left, by.at)
    if since.shifts:
        await shifts_since.replace(db, since.shifts)
    await staff_sessions.end_everybody_s(db)
    for entry in since.done:
        await audit.write(db, By(entry.who, entry.at, entry.account), entry.what)
    await audit.write(db, by, what)
    texts = await sms_outbox.doubt_all(db, by.at, by.at)
    return Settled(texts + await reminders.doubt_due(db, by.at), len(new))


async def _done(db: AsyncConnection, mark: Mark) -> list[Entry]:
    """Return the entries after that of the backup; none where it is not this database that was backed up."""
    place = await db.scalar(select(audit_log.c.n).where(audit_log.c.n == mark.n, audit_log.c.what == mark.what))
    if place is None:
        return []
    rows = await db.execute(select(audit_log).where(audit_log.c.n > place).order_by(audit_log.c.n))
    return [audit.entry(row) for row in rows]
