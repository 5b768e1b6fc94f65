"""What is counted for whoever watches over the service; nothing of who called."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from ivr.errors import DatabaseUnavailable
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
queued = Gauge("ivr_record_lines_waiting", "Record lines not yet written", registry=registry)
dropped = Counter("ivr_record_lines_dropped", "Record lines given up because too many waited", registry=registry)
promised = Counter("ivr_promises", "Promises asked for in calls, by what became of them", ["kept"], registry=registry)
texts = Gauge("ivr_texts", "Texts in the store, by state", ["state"], registry=registry)
today = Gauge(
    "ivr_today", "What the store counted today: calls by what they came to, texts, …", ["what"], registry=registry
)


class Metrics:
    """Answers `GET /metrics`; without the database, with what this process has counted itself."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    async def answer(self, request: Request) -> Response:
        """All of it, in the format of Prometheus."""
        with suppress(DatabaseUnavailable):
            async with self._store.begin() as db:
                states = await count_texts(db)
                day = daily_counts.day_of(self._clock())
                counted = await daily_counts.read(db, day, day)
            for state, number in states.items():
                texts.labels(state).set(number)
            today.clear()  # what was counted yesterday is not of today
            for (_, what), number in counted.items():
                today.labels(what).set(number)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
