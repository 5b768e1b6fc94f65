"""Fills an empty database with a made-up year."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.demo import blocks, rota_changes
from ivr.demo.calendar import YEAR, call_times
from ivr.demo.calls import CallMaker, call_row, count, event_rows
from ivr.demo.complaints import add_complaints
from ivr.demo.hours import add_hours
from ivr.demo.items import ItemMaker
from ivr.demo.people import ADVISERS, SHIFTS, adviser_number
from ivr.demo.shifts import add_shift_reminders
from ivr.engine.call_flows import CallFlows
from ivr.errors import IvrError
from ivr.helpline.hours_format import parse_spans
from ivr.store import daily_counts, rota
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.tables import advisers, call_events, callbacks, data_complaints, sms_inbox, voicemails
from ivr.store.tables import calls as calls_table

BATCH = 1_000
"""Calls of a transaction."""
IN_PROGRESS = 3
"""Calls that have not ended."""
MINUTE = timedelta(minutes=1)
EMPTY = advisers, calls_table, callbacks, voicemails, sms_inbox, data_complaints
ORDER = ("callbacks", "callback_attempts", "hunts", "legs")
"""Tables that others refer to come before those."""


class NotEmpty(IvrError):
    """The database holds something already."""


async def fill(
    store: Store,
    flows: CallFlows,
    version: str,
    sound: bytes,
    *,
    calls: int,
    seed: int,
    last: datetime,
    days: int = YEAR,
) -> AsyncIterator[int]:
    """Write a year, or so many days, up to a moment (aware); yield how many calls are written after each batch.

    The same `seed` gives the same year. `sound` is the recording of every message (WAV). Raise NotEmpty if there is
    anything in the database that staff or callers left.
    """
    rng = Random(seed)  # noqa: S311  not for secrets
    async with store.begin() as db:
        await _refuse_if_used(db)
        await _add_advisers(db, store, last)
        await add_hours(db, By("demo-data", last))
        await add_shift_reminders(db, store.cipher, last)
        await add_complaints(db, store.cipher, last)
    tally: Counter[tuple[date, str]] = Counter()
    makes, leaves = CallMaker(rng, flows), ItemMaker(rng, store.cipher, store.cipher.encrypt_bytes(sound), last)
    made = (makes.call(place, began) for place, began in enumerate(call_times(rng, last, calls, days)))
    done = 0
    while batch := list(islice(made, BATCH)):
        rows: Mapping[Table, list[dict[str, Any]]] = defaultdict(list)
        for call in batch:
            rows[call_events].extend(map(dict, event_rows(call, store.cipher, version)))
            rows[calls_table].append(dict(call_row(call, store.cipher)))
            count(tally, call)
            for table, row in leaves.rows(call):
                rows[table].append(row)
        async with store.begin() as db:
            await _insert(db, rows)
        yield (done := done + len(batch))
    now_ringing = [makes.call(done + n, last - (n + 1) * MINUTE) for n in range(IN_PROGRESS)]
    async with store.begin() as db:
        await daily_counts.add(db, tally)
        await blocks.add(db, store.cipher, By("demo-data", last))
        for call in now_ringing:
            await _insert(db, {call_events: [dict(row) for row in event_rows(call, store.cipher, version)][:2]})


async def _refuse_if_used(db: AsyncConnection) -> None:
    for table in EMPTY:
        if found := await db.scalar(select(func.count()).select_from(table)):
            raise NotEmpty(
                f"There is something in this database already ({found} of {table.name}): a made-up year goes into an"
                " empty one. DATABASE_URL=sqlite:///demo.db names another, `ivr migrate` makes it."
            )


async def _add_advisers(db: AsyncConnection, store: Store, now: datetime) -> None:
    by = By("demo-data", now)
    for place, (name, (weekdays, hours)) in enumerate(zip(ADVISERS, SHIFTS, strict=True)):
        await rota.add(db, store.cipher, name, adviser_number(place), by)
        await rota.set_shifts(db, name, list(weekdays), parse_spans([hours]), by)
    await rota_changes.add(db, by)


async def _insert(db: AsyncConnection, rows: Mapping[Table, list[dict[str, Any]]]) -> None:
    for table in sorted(rows, key=_order):
        for alike in _alike(rows[table]):
            await db.execute(insert(table), alike)


def _alike(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Group rows by their columns: one statement inserts those that have the same."""
    groups: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[frozenset(row)].append(row)
    return groups.values()


def _order(table: Table) -> int:
    return ORDER.index(table.name) if table.name in ORDER else len(ORDER)
