"""Prometheus metrics; nothing of who called.

Where several processes serve, each keeps its metrics in a file of a folder that all of them know
(PROMETHEUS_MULTIPROC_DIR, set by `web/server.py`), and whichever is asked adds them up.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ivr.errors import DatabaseUnavailable
from ivr.helpline.timezone import today_in_london
from ivr.store import daily_counts, last_seen
from ivr.store.database import Store
from ivr.store.sms_outbox import counts as count_texts
from ivr.web.briefly_cached import BrieflyCached

registry = CollectorRegistry()
calls = Counter("ivr_calls", "Calls answered", registry=registry)
step_seconds = Histogram(
    "ivr_step_seconds",
    "Time to answer one webhook",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2),
    registry=registry,
)
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

Network = IPv4Network | IPv6Network


class StoreCounts(Collector):
    """What the database tells: texts by state, today's counts by metric and dimension, whether a clock is in doubt."""

    def __init__(
        self, states: Mapping[str, int], counted: Mapping[str, int], *, clock_is_doubted: bool = False
    ) -> None:
        self._states, self._counted, self._clock_is_doubted = states, counted, clock_is_doubted

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the families of Prometheus."""
        sms = GaugeMetricFamily("ivr_sms", "Texts in the outbox, by state", labels=["state"])
        for state, number in self._states.items():
            sms.add_metric([state], number)
        labels = ["metric", "dimension"]
        today = GaugeMetricFamily("ivr_today", "Daily counts of the store: calls by outcome, texts, …", labels=labels)
        for what, number in self._counted.items():
            metric, _, dimension = what.partition(" ")
            today.add_metric([metric, dimension], number)
        clock = GaugeMetricFamily("ivr_clock_implausible", "1 while the clock of a worker cannot be believed")
        clock.add_metric([], self._clock_is_doubted)
        yield from (sms, today, clock)


class Metrics:
    """Answers `GET /metrics` to whoever asks from one of `networks`."""

    def __init__(self, store: Store, clock: Callable[[], datetime], networks: tuple[Network, ...]) -> None:
        self._store, self._clock, self._networks = store, clock, networks
        self._counts = BrieflyCached(self._read_store, clock)

    async def answer(self, request: Request) -> Response:
        """Return every metric, in the format of Prometheus; while the database is down, those of the processes only."""
        if not self._may_read(request):
            return PlainTextResponse("metrics are for the networks of IVR_METRICS_FROM", 403)
        served = generate_latest(_of_all_processes())
        if counts := await self._counts.get():
            stored = CollectorRegistry()
            stored.register(counts)
            served += generate_latest(stored)
        return Response(served, media_type=CONTENT_TYPE_LATEST)

    def _may_read(self, request: Request) -> bool:
        if request.client is None:  # a socket of this machine
            return True
        address = ip_address(request.client.host)
        asked_from = getattr(address, "ipv4_mapped", None) or address  # as it stands where we listen on IPv6
        return any(asked_from in network for network in self._networks)

    async def _read_store(self) -> StoreCounts | None:
        """Return the counts of the database, None while it is down."""
        day = today_in_london(self._clock())
        try:
            async with self._store.read() as db:
                states, counted = await count_texts(db), await daily_counts.read(db, day, day)
                doubted = await last_seen.is_doubted(db)
        except DatabaseUnavailable:
            return None
        by_state = {str(state): number for state, number in states.items()}
        by_metric = {what: number for (_, what), number in counted.items()}
        return StoreCounts(by_state, by_metric, clock_is_doubted=doubted)


def _of_all_processes() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return registry
    added_up = CollectorRegistry()
    MultiProcessCollector(added_up)  # type: ignore[no-untyped-call]
    return added_up
