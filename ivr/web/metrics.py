"""Prometheus metrics; nothing of who called."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from ivr.errors import DatabaseUnavailable
from ivr.helpline.timezone import today_in_london
from ivr.store import daily_counts
from ivr.store.database import Store
from ivr.store.sms_outbox import counts as count_texts

registry = CollectorRegistry()
calls = Counter("ivr_calls", "Calls answered", registry=registry)
step_seconds = Histogram(
    "ivr_step_seconds",
    "Time to answer one webhook",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2),
    registry=registry,
)
events_waiting = Gauge("ivr_call_events_waiting", "Call events not yet written", registry=registry)
events_dropped = Counter(
    "ivr_call_events_dropped", "Call events lost: too many waited, or at the end", registry=registry
)
effects = Counter("ivr_effects", "Effects requested in calls, by status", ["kind", "status"], registry=registry)
sms = Gauge("ivr_sms", "Texts in the outbox, by state", ["state"], registry=registry)
today = Gauge(
    "ivr_today", "Daily counts of the store: calls by outcome, texts, …", ["metric", "dimension"], registry=registry
)


class Metrics:
    """Answers `GET /metrics`; while the database is down, with the counters of this process only."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    async def answer(self, request: Request) -> Response:
        """Return every metric, in the format of Prometheus."""
        with suppress(DatabaseUnavailable):
            async with self._store.begin() as db:
                states = await count_texts(db)
                day = today_in_london(self._clock())
                counted = await daily_counts.read(db, day, day)
            for state, number in states.items():
                sms.labels(state).set(number)
            today.clear()  # of yesterday's counts
            for (_, what), number in counted.items():
                metric, _, dimension = what.partition(" ")
                today.labels(metric, dimension).set(number)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
