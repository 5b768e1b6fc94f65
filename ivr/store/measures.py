"""What is measured in the database, for metrics: how much waits and since when, and how calls to advisers go."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.events import QueueResult
from ivr.helpline.canary import CANARY, Verdict
from ivr.helpline.hunt import HuntState
from ivr.helpline.timezone import today_in_london
from ivr.store import (
    alerts,
    calls_in_progress,
    canary_runs,
    daily_counts,
    heartbeat,
    hunt_presence,
    last_seen,
    sms_outbox,
)
from ivr.store.callback_list import CallbackState
from ivr.store.claims import A_CLAIM
from ivr.store.sms_states import SmsState
from ivr.store.tables import callbacks, hunts, sms_inbox, voicemails
from ivr.store.tables import sms_outbox as outbox
from ivr.store.waiting_list import MESSAGE_WAITS

LAST_HOUR = timedelta(hours=1)
ANSWERED, UNANSWERED, HUNG_UP, RINGING = "answered", "unanswered", "hung_up", "ringing"
HUNT_RESULTS = ANSWERED, UNANSWERED, HUNG_UP, RINGING
"""How it went with a caller who waited for an adviser."""
WAITING = "text", "callback", "message", "incoming_text"
"""What waits: texts that are due, calls back that nobody has claimed, messages and texts that came in and are not
dealt with."""
HEARTBEATS = {
    "worker": heartbeat.WORKER,
    "sms_sender": heartbeat.SMS_SENDER,
    "call_distributor": heartbeat.CALL_DISTRIBUTOR,
    "lookout": heartbeat.LOOKOUT,
    "backup": heartbeat.BACKUP,
}
"""What is recorded when it is done, by the name that it has in a metric."""


@dataclass(frozen=True, slots=True)
class Measures:
    """`waiting` is how many there are of each kind and the seconds since the oldest came; `ages` the seconds since each
    heartbeat, without those that never were; `texts` by state, `today` the daily counts, `hunts` those of an hour by
    result, `alerts` what is wrong now by urgency, `canary` whether each probe of the last one passed.
    """

    calls: int
    waiting: Mapping[str, tuple[int, float]]
    ages: Mapping[str, float]
    texts: Mapping[str, int]
    today: Mapping[str, int]
    hunts: Mapping[str, int]
    alerts: Mapping[str, int]
    clock_is_doubted: bool
    canary: Mapping[str, int] = field(default_factory=dict)


NOTHING = Measures(0, dict.fromkeys(WAITING, (0, 0.0)), {}, {}, {}, {}, {}, clock_is_doubted=False)


async def measure(db: AsyncConnection, now: datetime) -> Measures:
    """Measure it: some ten small queries."""
    day = today_in_london(now)
    open_alerts = Counter("urgent" if one.problem.urgent else "other" for one in await alerts.read_open(db))
    counted = await daily_counts.read(db, day, day)
    return Measures(
        calls=len(await calls_in_progress.read(db, now)),
        waiting=await _waiting(db, now),
        ages=await _ages(db, now),
        texts={str(state): number for state, number in (await sms_outbox.counts(db)).items()},
        today={what: number for (_, what), number in counted.items()},
        hunts=await _hunts(db, now),
        alerts={"urgent": 0, "other": 0} | open_alerts,
        clock_is_doubted=await last_seen.is_doubted(db),
        canary=await _canary(db),
    )


async def _waiting(db: AsyncConnection, now: datetime) -> dict[str, tuple[int, float]]:
    lapsed = (callbacks.c.state == CallbackState.claimed) & (callbacks.c.changed < now - A_CLAIM)
    waits: dict[str, tuple[ColumnElement[datetime], ColumnElement[bool]]] = {
        "text": (outbox.c.due, (outbox.c.state == SmsState.waiting) & (outbox.c.due <= now) & sms_outbox.OF_CALLERS),
        "callback": (callbacks.c.asked, (callbacks.c.state == CallbackState.open) | lapsed),
        "message": (voicemails.c.began, MESSAGE_WAITS),
        "incoming_text": (sms_inbox.c.received, sms_inbox.c.done.is_(None)),
    }
    return {kind: await _count_and_age(db, since, which, now) for kind, (since, which) in waits.items()}


async def _count_and_age(
    db: AsyncConnection, since: ColumnElement[datetime], which: ColumnElement[bool], now: datetime
) -> tuple[int, float]:
    count, oldest = (await db.execute(select(func.count(), func.min(since)).where(which))).one()
    return count, _seconds(now, oldest) if oldest else 0.0


async def _ages(db: AsyncConnection, now: datetime) -> dict[str, float]:
    found = {name: await heartbeat.last_heartbeat(db, what) for name, what in HEARTBEATS.items()}
    found[CANARY] = await canary_runs.last_passed(db)
    return {name: _seconds(now, at) for name, at in found.items() if at}


async def _canary(db: AsyncConnection) -> dict[str, int]:
    """Return 1 for each probe of the last test call that passed, 0 for one that failed."""
    last = await canary_runs.last_ended(db)
    tried = [one for one in last.results if one.verdict is not Verdict.skipped] if last else []
    return {str(one.probe): int(one.verdict is Verdict.passed) for one in tried}


async def _hunts(db: AsyncConnection, now: datetime) -> dict[str, int]:
    lately = select(hunts.c.state, hunts.c.way, func.count().label("n"))
    lately = lately.where(hunts.c.began > now - LAST_HOUR, hunts.c.topic != CANARY)
    results = Counter[str]()
    for row in await db.execute(lately.group_by(hunts.c.state, hunts.c.way)):
        results[_result(row.state, row.way)] += row.n
    return dict.fromkeys(HUNT_RESULTS, 0) | results


def _result(state: str, way: str | None) -> str:
    if state == HuntState.ringing:
        return RINGING
    if state == HuntState.taken or way == QueueResult.talked:
        return ANSWERED
    return HUNG_UP if way in (QueueResult.gone, hunt_presence.UNHEARD) else UNANSWERED


def _seconds(now: datetime, then: datetime) -> float:
    return max((now - then).total_seconds(), 0.0)
