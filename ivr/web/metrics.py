"""Prometheus metrics; nothing of who called.

Where several processes serve, each keeps its metrics in a file of a folder that all of them know
(PROMETHEUS_MULTIPROC_DIR, set by `web/server.py`), and whichever is asked adds them up.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ivr.errors import DatabaseUnavailable
from ivr.store.call_events import CallOutcome
from ivr.store.database import Store
from ivr.store.measures import Measures, measure
from ivr.web.briefly_cached import BrieflyCached

registry = CollectorRegistry()
calls = Counter("ivr_calls", "Calls answered", registry=registry)
calls_ended = Counter("ivr_calls_ended", "Calls ended, by outcome", ["outcome"], registry=registry)
webhook_seconds = Histogram(
    "ivr_webhook_seconds",
    "Time to answer a webhook that the provider signed",
    ["webhook"],
    # Nobody notices 0.25 s. At 1.5 s we give effects up, after 5 s the provider may not connect, after 15 s it goes on
    # without us: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 15),
    registry=registry,
)
errors = Counter("ivr_errors", "What went wrong in a call, or was not stored, by kind", ["kind"], registry=registry)
events_waiting = Gauge(
    "ivr_call_events_waiting", "Call events not yet written", registry=registry, multiprocess_mode="livesum"
)
events_dropped = Counter(
    "ivr_call_events_dropped", "Call events lost: too many waited, or at the end", registry=registry
)
missing = Gauge(
    "ivr_missing",
    "1 for what callers or staff rely on and is missing, as /health/ready and the log tell",
    ["check"],
    registry=registry,
    multiprocess_mode="livemax",
)
refused = Counter("ivr_webhooks_refused", "Webhooks refused, by reason", ["reason"], registry=registry)
lines_closed = Counter(
    "ivr_lines_closed", "Lines closed before a whole request came, by reason", ["reason"], registry=registry
)
effects = Counter("ivr_effects", "Effects requested in calls, by status", ["kind", "status"], registry=registry)

STEP, FALLBACK, STATE_TOKEN, NOT_STORED = "step", "fallback", "state_token", "not_stored"
"""Kinds of errors: a step failed, and the caller was put through; nothing but the fallback turn was left; a call had a
token that is not ours; news of the provider could not be stored, and was asked for again."""
for _kind in (STEP, FALLBACK, STATE_TOKEN, NOT_STORED):
    errors.labels(_kind)  # shown as none, not left out
for _outcome in CallOutcome:
    calls_ended.labels(_outcome)

Network = IPv4Network | IPv6Network


class StoreMetrics(Collector):
    """What the database tells."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the families of Prometheus."""
        found = self._measures
        of_kind = {kind: count for kind, (count, _) in found.waiting.items()}
        ages = {kind: age for kind, (_, age) in found.waiting.items()}
        today = {tuple(what.partition(" ")[::2]): number for what, number in found.today.items()}
        yield _gauge("ivr_calls_in_progress", "Calls in progress", {(): found.calls})
        yield _gauge("ivr_sms", "Texts in the outbox, by state", found.texts, "state")
        yield _gauge("ivr_waiting", "What waits for the worker or for staff", of_kind, "kind")
        yield _gauge("ivr_oldest_waiting_seconds", "Since when the oldest of them waits; 0 for none", ages, "kind")
        yield _gauge("ivr_heartbeat_age_seconds", "Since when it was last done; left out if never", found.ages, "work")
        yield _gauge("ivr_hunts_last_hour", "Callers who waited for an adviser, by result", found.hunts, "result")
        yield _gauge("ivr_alerts", "What is wrong now, as `ivr alerts` lists it", found.alerts, "severity")
        yield _gauge("ivr_today", "Daily counts: calls by outcome, texts, …", today, "metric", "dimension")
        proved = found.canary
        yield _gauge("ivr_canary", "1 for what the last test call proved, 0 for what failed in it", proved, "probe")
        doubted = {(): int(found.clock_is_doubted)}
        yield _gauge("ivr_clock_implausible", "1 while the clock of a worker cannot be believed", doubted)


def _gauge(name: str, says: str, values: Mapping[Any, float], *labels: str) -> GaugeMetricFamily:
    """Return a gauge, of a value by the value of its label, or by those of several."""
    family = GaugeMetricFamily(name, says, labels=labels)
    for label, value in values.items():
        family.add_metric([label] if isinstance(label, str) else list(label), value)
    return family


class Metrics:
    """Answers `GET /metrics` to whoever asks from one of `networks`."""

    def __init__(self, store: Store, clock: Callable[[], datetime], networks: tuple[Network, ...]) -> None:
        self._store, self._clock, self._networks = store, clock, networks
        self._measures = BrieflyCached(self._read_store, clock)

    async def answer(self, request: Request) -> Response:
        """Return every metric, in the format of Prometheus; while the database is down, those of the processes only."""
        if not self._may_read(request):
            return PlainTextResponse("metrics are for the networks of IVR_METRICS_FROM", 403)
        served = generate_latest(_of_all_processes())
        if measures := await self._measures.get():
            stored = CollectorRegistry()
            stored.register(StoreMetrics(measures))
            served += generate_latest(stored)
        return Response(served, media_type=CONTENT_TYPE_LATEST)

    def _may_read(self, request: Request) -> bool:
        if request.client is None:  # a socket of this machine
            return True
        address = ip_address(request.client.host)
        asked_from = getattr(address, "ipv4_mapped", None) or address  # as it stands where we listen on IPv6
        return any(asked_from in network for network in self._networks)

    async def _read_store(self) -> Measures | None:
        """Return what the database tells, None while it is down."""
        try:
            async with self._store.read() as db:
                return await measure(db, self._clock())
        except DatabaseUnavailable:
            return None


def _of_all_processes() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return registry
    added_up = CollectorRegistry()
    MultiProcessCollector(added_up)  # type: ignore[no-untyped-call]
    return added_up
