"""Call events: one for each answer that a caller was given, appended and never changed; nothing of who called.

A call goes by the blind index of its CallSid, never by a number, so two callers who withhold theirs never share a
record. Events come from several processes, some of them twice, some after the call has ended. What a call came to is
worked out from all its events, once it has ended and again whenever more of them are found.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.timezone import today_in_london
from ivr.store import daily_counts
from ivr.store.bulk_insert import insert_many_new
from ivr.store.idempotency import insert_into, insert_new
from ivr.store.tables import call_events, calls

ENDED = "Ended"
"""What happened in the last event of a call; a call without one is in progress."""
RECENT = timedelta(days=2)
"""How far back calls are looked for that have not ended, or of which more has become known."""
SETTLED_AT_ONCE = 100
"""Calls in one transaction: callers wait for it, as for any other."""
Events = Sequence[Any]
"""Rows of `call_events` of one call, in the order in which they happened."""


class CallOutcome(StrEnum):
    """The outcome of a call, the weakest first: a caller who got a text and then an adviser was put through.

    `informed`: they heard to its end what a step that informs says, such as a last day or a number, or to the goodbye
    what they chose. `handed_over` is to the mediation service, `put_through` to one of our advisers.
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
    """A row of `call_events`, where each column is explained; `call` is the blind index of the CallSid."""

    call: bytes
    at: datetime
    version: str = ""
    turn: int = 0
    step: str = ""
    attempt: int = 0
    page: int = 0
    happened: str = ""
    topic: str = ""
    detail: str = ""
    outcome: CallOutcome | None = None
    heard_by: datetime | None = None
    sid: bytes | None = None
    language: str = ""


class CallRecord(NamedTuple):
    """What a call came to by so many events; without an end it is in progress."""

    began: datetime
    last: datetime
    ended: datetime | None
    topics: str
    outcome: CallOutcome | None
    events: int


class SilentCall(NamedTuple):
    """A call in progress of which nothing was heard since `last`; `sid` is its encrypted CallSid, if we have it."""

    call: bytes
    last: datetime
    sid: bytes | None


async def append(db: AsyncConnection, events: Sequence[CallEvent]) -> None:
    """Add events, in their order; those that were written before add nothing."""
    await insert_many_new(db, call_events, events)


async def end(db: AsyncConnection, call: bytes, outcome: CallOutcome | None, at: datetime, detail: str = "") -> bool:
    """Add the end of a call, which is settled later; return False if it had one."""
    event = CallEvent(call, at, happened=ENDED, detail=detail, outcome=outcome)
    return await insert_new(db, call_events, **event._asdict())


async def read(db: AsyncConnection, call: bytes) -> CallRecord | None:
    """Return what a call came to by its events until now; None for one that we know nothing of."""
    events = (await _of_calls(db, [call])).get(call)
    return record_of(events) if events else None


async def settle(db: AsyncConnection, ended: Iterable[bytes]) -> Mapping[bytes, Events]:
    """Write down and count what calls that have ended came to, and return their events.

    Again, it corrects what was counted before.
    """
    names = sorted(set(ended))  # in one order, so that two of us never wait for each other
    if not names:
        return {}
    await db.execute(insert_into(db.dialect, calls).on_conflict_do_nothing(), [{"blind_index": name} for name in names])
    locked = select(calls).where(calls.c.blind_index.in_(names)).order_by(calls.c.blind_index).with_for_update()
    written, events = (await db.execute(locked)).mappings().all(), await _of_calls(db, names)
    tally, changed = Counter[tuple[date, str]](), []
    for before in written:
        call = before["blind_index"]
        if call in events and len(events[call]) != before["events"]:
            after = record_of(events[call])._asdict()
            changed.append({"call": call} | after)
            tally.update(_counted(after))
            tally.subtract(_counted(before))
    if changed:
        values: dict[str, Any] = {name: bindparam(name) for name in CallRecord._fields}
        await db.execute(update(calls).where(calls.c.blind_index == bindparam("call")).values(values), changed)
    await daily_counts.add(db, tally)  # last: whoever has a count waits for no call
    return events


async def settle_recent(db: AsyncConnection, now: datetime) -> int:
    """Settle calls that ended lately and have events that are not counted yet, SETTLED_AT_ONCE; return how many."""
    with_end = select(call_events.c.call).where(call_events.c.happened == ENDED, call_events.c.at > now - RECENT)
    found = (
        select(call_events.c.call)
        .outerjoin(calls, calls.c.blind_index == call_events.c.call)
        .where(call_events.c.call.in_(with_end))
        .group_by(call_events.c.call, calls.c.events)
        .having(func.count() != func.coalesce(calls.c.events, 0))
        .limit(SETTLED_AT_ONCE)
    )
    ended = (await db.scalars(found)).all()
    await settle(db, ended)
    return len(ended)


async def silent(db: AsyncConnection, now: datetime, for_: timedelta) -> list[SilentCall]:
    """Return the calls in progress of which nothing was heard for so long."""
    last, other = func.max(call_events.c.at), call_events.alias()
    has_ended = exists().where(other.c.call == call_events.c.call, other.c.happened == ENDED)
    found = (
        select(call_events.c.call, last)
        .where(call_events.c.at > now - RECENT, ~has_ended)
        .group_by(call_events.c.call)
        .having(last < now - for_)
    )
    lasts = {call: at for call, at in await db.execute(found)}
    named = select(call_events.c.call, call_events.c.sid).where(
        call_events.c.call.in_(lasts), call_events.c.sid.is_not(None)
    )
    sids = {call: sid for call, sid in await db.execute(named)}
    return [SilentCall(call, at, sids.get(call)) for call, at in lasts.items()]


async def _of_calls(db: AsyncConnection, names: Sequence[bytes]) -> Mapping[bytes, Events]:
    """Return the events of each call that has any, in the order in which they happened."""
    in_order = select(call_events).where(call_events.c.call.in_(names)).order_by(call_events.c.at, call_events.c.n)
    found = defaultdict[bytes, list[Any]](list)
    for event in await db.execute(in_order):
        found[event.call].append(event)
    return found


def record_of(events: Events) -> CallRecord:
    """Work out what a call came to from its events, in the order in which they happened."""
    ended = next((event.at for event in events if event.happened == ENDED), None)
    before_end = [event for event in events if event.happened != ENDED] or events
    outcomes = [event.outcome for event in events]
    if ended:
        outcomes += [CallOutcome.abandoned, CallOutcome.informed if _heard(before_end, ended) else None]
    topics = " ".join(dict.fromkeys(event.topic for event in events if event.topic))
    began, last = before_end[0].at, before_end[-1].at
    return CallRecord(began, last, ended, topics, strongest_outcome(*outcomes), len(events))


def _heard(events: Events, ended: datetime) -> bool:
    """Return whether what an event informs of was heard before the next event, or the end of the call."""
    until = [*(event.at for event in events[1:]), ended]
    return any(event.heard_by and event.heard_by <= end for event, end in zip(events, until, strict=True))


def _counted(record: Any) -> Counter[tuple[date, str]]:
    """Return what a record adds to the counts: nothing before it is settled."""
    if record["began"] is None:
        return Counter()
    day = today_in_london(record["began"])
    topics = [f"topic {topic}" for topic in record["topics"].split()]
    return Counter((day, what) for what in ["call", f"call {record['outcome']}", *topics])


def strongest_outcome(*outcomes: str | None) -> CallOutcome | None:
    """Return the outcome of a call that has several."""
    return max(map(CallOutcome, filter(None, outcomes)), key=RANK.__getitem__, default=None)
