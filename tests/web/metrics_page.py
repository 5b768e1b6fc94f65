"""Reads /metrics as Prometheus does."""

import re

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from ivr.helpline.canary import Probe, ProbeResult, Verdict
from ivr.store import canary_runs, daily_counts, heartbeat
from ivr.store.measures import HEARTBEATS
from ivr.web.connections import Closed
from ivr.web.metrics import lines_closed, missing
from tests.web.running_app import RunningApp, has_number


async def read(here: RunningApp) -> dict[str, float]:
    """Return every sample, by its name and labels."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(here.app), base_url="http://10.0.0.7") as client:
        response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert not has_number(re.sub(r"^.*_created.*$", "", response.text, flags=re.MULTILINE))
    found = re.findall(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", response.text, re.MULTILINE)
    return {name: float(number) for name, number in found}


async def labels_of_all(here: RunningApp) -> dict[str, dict[str, set[str]]]:
    """The values of each label of each family, without those that histograms add."""
    families = text_string_to_metric_families(await text_of(here))
    found: dict[str, dict[str, set[str]]] = {}
    for family in families:
        if family.name.endswith("_created"):
            continue
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = found.setdefault(name, {})
        for sample in family.samples:
            for label, value in sample.labels.items():
                if label != "le":
                    labels.setdefault(label, set()).add(value)
    return found


async def text_of(here: RunningApp) -> str:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(here.app), base_url="http://10.0.0.7") as client:
        return (await client.get("/metrics")).text


async def record_test_call(here: RunningApp, verdict: Verdict) -> None:
    """Record a test call in which every probe ended so."""
    async with here.store.begin() as db:
        id = await canary_runs.begin(db, here.clock())
        assert id
        await canary_runs.end(db, id, [ProbeResult(one, verdict, "it did") for one in Probe], here.clock())


async def busy(here: RunningApp) -> None:
    """Have every metric with labels show some of them."""
    await here.rings("CA1", "4", "3", *"11111", "3", "1", "1")
    async with here.store.begin() as db:
        for what in HEARTBEATS.values():
            await heartbeat.record_heartbeat(db, what, here.clock())
        await daily_counts.add_one(db, "text given_up", here.clock())
    await record_test_call(here, Verdict.passed)
    lines_closed.labels(Closed.crowded)
    for check in ("database", "worker"):
        missing.labels(check).set(0)
