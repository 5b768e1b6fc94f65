"""Call detail records: one row a call and one event a step; nothing of who called.

A call goes by the blind index of its CallSid, never by a number, so two callers who withhold theirs never share a
record. Events come from several processes, some of them after the call has ended.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.timezone import today_in_london
from ivr.store import daily_counts
from ivr.store.idempotency import insert_many_new
from ivr.store.tables import call_events, calls

A_CALL_AT_MOST = timedelta(hours=6)


class CallOutcome(StrEnum):
    """The outcome of a call, the weakest first: a caller who got a text and then an adviser was put through.

    `informed`: they heard to its end what a step that informs says, such as a last day or a number. `handed_over` is to
    the mediation service, `put_through` to one of our advisers.
    """

    abandoned = "abandoned"
    failed = "failed"
    informed = "informed"
    text = "text"
    message = "message"
    call_back = "call_back"
    handed_over = "handed_over"
    put_through = "put_through"


RANK = {outcome: rank for rank, outcome in enumerate(CallOutcome)}


class CallEvent(NamedTuple):
    """One step of a call. `call` is a blind index; `happened` is the kind of event, never the keys that were pressed.

    `detail` tells more of it, such as `answered 312 s`. `outcome` is that of the call by this step, if it has any.
    `heard_by` is when the caller has heard to its end what informs them, if the step does and they stay until then.
    """

    call: bytes
    at: datetime
    step: str
    happened: str
    topic: str
    turn: int
    detail: str = ""
    outcome: CallOutcome | None = None
    heard_by: datetime | None = None


async def write(db: AsyncConnection, batch: Sequence[CallEvent]) -> None:
    """Add events, in their order; the first of a call opens its record. Events that were written before add nothing."""
    by_call = {blind_index: list(group) for blind_index, group in groupby(sorted(batch, key=_call), _call)}
    await insert_many_new(
        db, calls, [_opened(blind_index, min(map(_at, group))) for blind_index, group in by_call.items()]
    )
    records = await _hold(db, by_call)
    ids = {record.blind_index: record.id for record in records}
    await insert_many_new(db, call_events, [_row(ids[event.call], event) for event in batch])
    await _change(db, [(record, _with_events(record, by_call[record.blind_index])) for record in records])


async def close(db: AsyncConnection, call: bytes, outcome: CallOutcome, now: datetime) -> None:
    """Close the record of a call. The outcome by its events holds, unless `outcome` is stronger."""
    await insert_many_new(db, calls, [_opened(call, now)])
    records = await _hold(db, [call])
    await _change(db, [(record, _closed(record, outcome, now)) for record in records if record.ended is None])


async def close_stale(db: AsyncConnection, now: datetime, after: timedelta = A_CALL_AT_MOST) -> int:
    """Close the calls without an event for so long, as of their last event; return how many."""
    silent = select(calls).where(calls.c.ended.is_(None), calls.c.last < now - after)
    records = (await db.execute(silent.order_by(calls.c.id).with_for_update(skip_locked=True))).all()
    await _change(db, [(record, _closed(record, CallOutcome.abandoned, record.last)) for record in records])
    return len(records)


UPDATE = update(calls).where(calls.c.id == bindparam("key"))
Changes = Sequence[tuple[Row[Any], dict[str, Any]]]


async def _hold(db: AsyncConnection, blind_indexes: Iterable[bytes]) -> Sequence[Row[Any]]:
    """Lock the records, in one order so that two writers never wait for each other."""
    return (
        await db.execute(
            select(calls).where(calls.c.blind_index.in_(list(blind_indexes))).order_by(calls.c.id).with_for_update()
        )
    ).all()


async def _change(db: AsyncConnection, changes: Changes) -> None:
    """Update records, and the counts with them: an event that comes late is counted like any other."""
    if not changes:
        return
    by_id = {record.id: after for record, after in changes}
    for id in await _informed(db, {id: after["ended"] for id, after in by_id.items() if after["ended"]}):
        by_id[id]["outcome"] = strongest_outcome(by_id[id]["outcome"], CallOutcome.informed)
    await db.execute(UPDATE, [{"key": record.id, **after} for record, after in changes])
    tally: Counter[tuple[date, str]] = Counter()
    for record, after in changes:
        tally.update(_counted(after))
        tally.subtract(_counted(record._mapping))
    await daily_counts.add(db, tally)


async def _informed(db: AsyncConnection, ended: Mapping[str, datetime]) -> list[str]:
    """Return the calls, of these with their ends, whose caller stayed until something that informs was heard."""
    columns = call_events.c.call, call_events.c.at, call_events.c.heard_by
    in_order = select(*columns).where(call_events.c.call.in_(ended)).order_by(call_events.c.at, call_events.c.n)
    events = (await db.execute(in_order)).all()
    by_call = {call: [event for event in events if event.call == call] for call in ended}
    return [call for call, of_call in by_call.items() if _heard(of_call, ended[call])]


def _heard(events: Sequence[Any], ended: datetime) -> bool:
    """Return whether what an event informs of was heard before the next event, or the end of the call."""
    until = [*(event.at for event in events[1:]), ended]
    return any(event.heard_by and event.heard_by <= end for event, end in zip(events, until, strict=False))


def _counted(record: Any) -> Counter[tuple[date, str]]:
    """Return what a record adds to the counts: nothing before it is closed."""
    if record["ended"] is None:
        return Counter()
    day = today_in_london(record["began"])
    topics = [f"topic {topic}" for topic in record["topics"].split()]
    return Counter((day, what) for what in ["call", f"call {record['outcome']}", *topics])


def _opened(blind_index: bytes, began: datetime) -> dict[str, Any]:
    return {"id": str(uuid4()), "blind_index": blind_index, "began": began, "last": began}


def _row(call: str, event: CallEvent) -> dict[str, Any]:
    words = {"step": event.step, "happened": event.happened, "topic": event.topic, "detail": event.detail}
    return {"call": call, "at": event.at, "turn": event.turn, "heard_by": event.heard_by, **words}


def _with_events(record: Row[Any], added: list[CallEvent]) -> dict[str, Any]:
    topics = dict.fromkeys([*record.topics.split(), *(event.topic for event in added if event.topic)])
    return {
        "began": min(record.began, *map(_at, added)),
        "last": max(record.last, *map(_at, added)),
        "topics": " ".join(topics),
        "outcome": strongest_outcome(record.outcome, *(event.outcome for event in added)),
        "ended": record.ended,
    }


def _closed(record: Row[Any], outcome: CallOutcome, now: datetime) -> dict[str, Any]:
    strongest = strongest_outcome(record.outcome, outcome)
    return {"began": record.began, "last": record.last, "topics": record.topics, "outcome": strongest, "ended": now}


def strongest_outcome(*outcomes: str | None) -> CallOutcome | None:
    """Return the outcome of a call that has several."""
    return max((CallOutcome(outcome) for outcome in outcomes if outcome), key=RANK.__getitem__, default=None)


def _call(event: CallEvent) -> bytes:
    return event.call


def _at(event: CallEvent) -> datetime:
    return event.at
