"""The metrics for Prometheus; they say nothing of any caller."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from ivr.config import Settings
from ivr.engine.effects import EffectStatus, SendText
from ivr.store import daily_counts, last_seen, sms_outbox
from ivr.store.quotas import Quotas
from ivr.web.briefly_cached import FRESH
from ivr.web.metrics import StoreCounts, registry
from tests.web.running_app import DOWN, SHORT, RunningApp, has_number, running_app
from tests.web.webhooks import CALLER, form_of


async def read(here: RunningApp) -> dict[str, float]:
    """Return every sample, by its name and labels."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(here.app), base_url="http://10.0.0.7") as client:
        response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert not has_number(re.sub(r"^.*_created.*$", "", response.text, flags=re.MULTILINE))
    found = re.findall(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", response.text, re.MULTILINE)
    return {name: float(number) for name, number in found}


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
    assert more(after, before, "ivr_step_seconds_count") == 3
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


async def test_outcomes_are_counted_when_the_record_closes(here: RunningApp) -> None:
    await here.post("/voice/status", form_of("CA1", CallStatus="completed"))
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


def test_every_metric_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs/operating.md").read_text("utf-8")
    named = set(re.findall(r"`(ivr_\w+?)(?:_total)?(?:\{[^}]*\})?`", page))
    assert named == {family.name for family in (*registry.collect(), *StoreCounts({}, {}).collect())}
