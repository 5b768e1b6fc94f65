"""The metrics for Prometheus; they say nothing of any caller."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import insert

from ivr.config import Settings
from ivr.engine.effects import EffectStatus, SendText
from ivr.store import alerts, call_events, daily_counts, heartbeat, last_seen, sms_outbox
from ivr.store.alerts import Problem
from ivr.store.measures import HUNT_RESULTS
from ivr.store.quotas import Quotas
from ivr.store.tables import hunts
from ivr.web.briefly_cached import FRESH
from tests.store.fixtures import call_event, request_callback
from tests.web.metrics_page import busy, labels_of_all, read
from tests.web.running_app import DOWN, SHORT, RunningApp, running_app
from tests.web.webhooks import CALLER, form_of


def more(after: dict[str, float], before: dict[str, float], name: str) -> float:
    return after.get(name, 0.0) - before.get(name, 0.0)


async def enqueues_text(here: RunningApp, to: str = CALLER) -> None:
    async with here.store.begin() as db:
        text = SendText(to, "Hello.", "school")
        await sms_outbox.enqueue(db, here.store.cipher, f"key {to}", text, here.clock(), Quotas(100, 100))


async def test_calls_steps_and_their_time_are_counted(here: RunningApp) -> None:
    before = await read(here)
    await here.rings("CA1", "4", "1")
    after = await read(here)
    assert more(after, before, "ivr_calls_total") == 1
    assert more(after, before, 'ivr_webhook_seconds_count{webhook="voice"}') == 3
    assert after["ivr_call_events_waiting"] <= 3


async def test_effects_are_counted_by_status(url: str) -> None:
    async with running_app(url, texts_per_number=0) as here:
        before = await read(here)
        ringing = await here.rings("CA1", "4", "3", *"11111", "3", "1", "1")
        assert "as many texts as we can" in ringing.text
        assert (
            more(await read(here), before, f'ivr_effects_total{{kind="SendText",status="{EffectStatus.capped}"}}') == 1
        )


async def test_texts_are_counted_by_state(here: RunningApp) -> None:
    await enqueues_text(here)
    after = await read(here)
    assert (after['ivr_sms{state="waiting"}'], after['ivr_sms{state="delivered"}']) == (1, 0)
    assert after['ivr_today{dimension="promised",metric="text"}'] == 1


@pytest.mark.parametrize("is_doubted", [False, True])
async def test_a_worker_whose_clock_cannot_be_believed_is_seen(here: RunningApp, is_doubted: bool) -> None:
    async with here.store.begin() as db:
        await last_seen.record(db, here.clock())
        if is_doubted:
            await last_seen.record_doubt(db, here.clock(), None)
    assert (await read(here))["ivr_clock_implausible"] == is_doubted


async def test_outcomes_are_counted_once_a_call_is_settled(here: RunningApp) -> None:
    await here.post("/voice/status", form_of("CA1", CallStatus="completed"))
    await here.settle()
    assert (await read(here))['ivr_today{dimension="abandoned",metric="call"}'] == 1


async def test_what_was_counted_yesterday_is_not_of_today(here: RunningApp) -> None:
    await enqueues_text(here)
    assert 'ivr_today{dimension="promised",metric="text"}' in await read(here)
    here.clock.passes(timedelta(days=1))
    assert 'ivr_today{dimension="promised",metric="text"}' not in await read(here)


async def test_whoever_asks_often_does_not_ask_the_database(here: RunningApp) -> None:
    assert 'ivr_today{dimension="promised",metric="text"}' not in await read(here)
    await enqueues_text(here)
    assert 'ivr_today{dimension="promised",metric="text"}' not in await read(here)
    here.clock.passes(FRESH)
    assert 'ivr_today{dimension="promised",metric="text"}' in await read(here)


async def test_however_often_metrics_are_asked_for_every_promise_is_kept(here: RunningApp) -> None:
    asked = [read(here) for _ in range(100)]
    promised = [enqueues_text(here, f"+4477009001{n:02}") for n in range(40)]
    await asyncio.gather(*asked, *promised)  # a promise that is refused raises
    here.clock.passes(FRESH)
    assert (await read(here))['ivr_sms{state="waiting"}'] == 40


async def test_metrics_are_read_while_somebody_else_writes(url: str) -> None:
    async with running_app(url) as here, running_app(url) as other, other.store.begin() as db:
        await daily_counts.add_one(db, "text promised", here.clock())
        assert 'ivr_sms{state="waiting"}' in await read(here)


@pytest.mark.parametrize(
    ("networks", "client", "status"),
    [
        ("127.0.0.1", "127.0.0.1", 200),
        ("127.0.0.1", "10.0.0.9", 403),
        ("10.0.0.0/8, ::1", "10.0.0.9", 200),
        ("10.0.0.0/8, ::1", "::1", 200),
        ("10.0.0.0/8, ::1", "192.168.0.1", 403),
        ("10.0.0.0/8", "::ffff:10.0.0.9", 200),
        ("10.0.0.0/8", "::ffff:192.168.0.1", 403),
    ],
)
async def test_metrics_are_for_the_networks_that_the_operator_names(networks: str, client: str, status: int) -> None:
    chosen = Settings.model_validate({"IVR_DEV": True, "IVR_METRICS_FROM": networks})
    async with running_app(DOWN, SHORT, metrics_from=chosen.metrics_from) as here:
        transport = httpx2.ASGITransport(here.app, client=(client, 40000))
        async with httpx2.AsyncClient(transport=transport, base_url="http://10.0.0.7") as asking:
            assert (await asking.get("/metrics")).status_code == status


async def test_with_the_database_down_the_counters_of_the_process_are_served() -> None:
    async with running_app(DOWN, SHORT) as here:
        before = await read(here)
        await here.rings("CA1", "4")
        assert more(await read(here), before, "ivr_calls_total") == 1


async def test_a_text_that_could_not_be_stored_is_counted() -> None:
    async with running_app(DOWN, SHORT) as here:
        before = await read(here)
        await here.rings("CA1", "4", "3", *"11111", "3", "1", "1")
        assert more(await read(here), before, f'ivr_effects_total{{kind="SendText",status="{EffectStatus.down}"}}') == 1


ROW = re.compile(r"^\| `(ivr_\w+)(?:\{([\w,]+)\})?` \| (\w+) \| (.+) \| (.+) \|$", re.MULTILINE)
PAGE = (Path(__file__).parents[2] / "docs/monitoring.md").read_text("utf-8").partition("## Metrics")[2]


async def test_the_page_explains_every_metric_and_no_other_with_its_labels_and_when_to_worry(here: RunningApp) -> None:
    await busy(here)
    found = await labels_of_all(here)
    told = {name: set(labels.split(",")) - {""} for name, labels, _, _, _ in ROW.findall(PAGE)}
    assert told == {name: set(labels) for name, labels in found.items()}


async def test_the_page_names_each_value_of_a_label(here: RunningApp) -> None:
    """Those of daily counts and effects grow with the program; all others are listed."""
    await busy(here)
    rows = {name: what for name, _, _, what, _ in ROW.findall(PAGE)}
    for name, labels in (await labels_of_all(here)).items():
        values = set().union(*labels.values()) - {"bread", "jam"}  # those are of other tests
        if name not in {"ivr_today", "ivr_effects_total"}:
            assert {value for value in values if f"`{value}`" not in rows[name]} == set(), name


async def test_what_waits_is_measured_with_its_age(here: RunningApp) -> None:
    await enqueues_text(here)
    await request_callback(here.store, at=here.clock())
    here.clock.passes(timedelta(minutes=20))
    after = await read(here)
    assert after['ivr_waiting{kind="text"}'] == after['ivr_waiting{kind="callback"}'] == 1
    assert after['ivr_oldest_waiting_seconds{kind="text"}'] == 1200
    assert after['ivr_oldest_waiting_seconds{kind="callback"}'] == 1200
    assert after['ivr_oldest_waiting_seconds{kind="message"}'] == 0


async def test_heartbeats_have_an_age_and_those_that_never_were_are_left_out(here: RunningApp) -> None:
    async with here.store.begin() as db:
        await heartbeat.record_heartbeat(db, heartbeat.WORKER, here.clock())
    here.clock.passes(timedelta(seconds=90))
    after = await read(here)
    assert after['ivr_heartbeat_age_seconds{work="worker"}'] == 90
    assert 'ivr_heartbeat_age_seconds{work="backup"}' not in after


async def test_what_is_wrong_is_counted_by_urgency(here: RunningApp) -> None:
    async with here.store.begin() as db:
        gap = Problem("rota", urgent=True, says="nobody is on shift", mend="ring somebody")
        await alerts.record(db, [gap, replace(gap, name="backup", urgent=False)], ["rota", "backup"], here.clock())
    after = await read(here)
    assert (after['ivr_alerts{severity="urgent"}'], after['ivr_alerts{severity="other"}']) == (1, 1)


async def test_callers_for_whom_nobody_picked_up_are_counted(here: RunningApp) -> None:
    async with here.store.begin() as db:
        for way in ("left", "talked", "gone", "busy"):
            row = {"id": way, "call": way.encode(), "topic": "", "seconds": 20, "all_at_once": False}
            times = {"began": here.clock(), "changed": here.clock()}
            await db.execute(insert(hunts).values(**row, **times, state="over", way=way))
    after = await read(here)
    found = {result: after[f'ivr_hunts_last_hour{{result="{result}"}}'] for result in HUNT_RESULTS}
    assert found == {"answered": 1, "unanswered": 2, "hung_up": 1, "ringing": 0}


async def test_calls_in_progress_are_counted(here: RunningApp) -> None:
    async with here.store.begin() as db:
        await call_events.append(db, [call_event(b"one", here.clock()), call_event(b"two", here.clock())])
        await call_events.end(db, b"two", None, here.clock())
    assert (await read(here))["ivr_calls_in_progress"] == 1
