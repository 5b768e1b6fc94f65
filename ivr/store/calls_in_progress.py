"""The calls that are in progress, by their events: nothing of who calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.call_events import ENDED
from ivr.store.tables import call_events

LONGEST = timedelta(hours=4)
"""The longest call at Twilio (https://www.twilio.com/docs/voice/api/call-resource)."""
GONE_AFTER = timedelta(minutes=20)
"""Without an event for so long a call is over: after ten minutes the provider is asked for it."""


@dataclass(frozen=True, slots=True)
class CallInProgress:
    """A call: when it began, the step it is at and since when, and the topic it reached last; "" for none."""

    began: datetime
    step: str
    since: datetime
    topic: str


async def read(db: AsyncConnection, now: datetime) -> list[CallInProgress]:
    """Return the calls without an end, the longest first."""
    other = call_events.alias()
    has_ended = exists().where(other.c.call == call_events.c.call, other.c.happened == ENDED)
    recent = (call_events.c.at > now - LONGEST) & ~has_ended
    ranked = select(
        call_events.c.call,
        call_events.c.step,
        call_events.c.topic,
        call_events.c.at,
        func.min(call_events.c.at).over(partition_by=call_events.c.call).label("began"),
        func.row_number()
        .over(partition_by=call_events.c.call, order_by=(call_events.c.turn.desc(), call_events.c.n.desc()))
        .label("place"),
    ).where(recent)
    last = ranked.subquery()
    here = select(last).where(last.c.place == 1, last.c.at > now - GONE_AFTER).order_by(last.c.began)
    rows = (await db.execute(here)).all()
    return [CallInProgress(row.began, row.step, row.at, row.topic) for row in rows]
