"""The alert rules and the dashboard: what they name exists, and each rule fires when its fault is planted."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import insert

from ivr.engine.effects import EffectStatus
from ivr.helpline.canary import Verdict
from ivr.store import alerts, heartbeat, last_seen, sms_outbox
from ivr.store.alerts import Problem
from ivr.store.tables import hunts
from ivr.web import call_log, health, metrics
from ivr.web.connections import Closed
from tests.made_up import flows
from tests.store.fixtures import enqueue_text, request_callback
from tests.web.metrics_page import busy, labels_of_all, read, record_test_call
from tests.web.running_app import DOWN, SHORT, RunningApp, running_app
from tests.web.webhooks import URL, FailsOnAnswer, action, app_of, ask, form_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples/monitoring"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
DASHBOARD = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
SELECTOR = re.compile(r"\b((?:ivr_\w+|up))(?:\{([^}]*)\})?(?:\[\w+\])?")
MATCHER = re.compile(r'(\w+)(=~|=)"([^"]*)"')
COMPARISON = re.compile(r"(increase\()?\b(ivr_\w+)(?:\{([^}]*)\})?(?:\[\w+\])?\)*\s*(==|>)\s*(\d[\d.]*)")
KNOWN = {"ivr_missing": {"content", "facts", "hours", "rota"}, "ivr_effects_total": set(map(str, EffectStatus))}
"""Values that come up only when something is wrong."""
THEIRS = {"up"}
"""What Prometheus itself makes."""
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Plant = Callable[[RunningApp], Awaitable[None]]


def family_of(name: str) -> str:
    return re.sub(r"_(bucket|count|sum)$", "", name)


async def test_every_metric_and_label_that_is_named_exists(here: RunningApp) -> None:
    await busy(here)
    found = await labels_of_all(here)
    for query in [*(rule["expr"] for rule in RULES), *QUERIES]:
        for name, matchers in SELECTOR.findall(query):
            if name in THEIRS:
                continue
            labels = found[family_of(name)]
            for label, operator, wanted in MATCHER.findall(matchers):
                values = wanted.split("|") if operator == "=~" else [wanted]
                known = labels[label] | KNOWN.get(name, set())
                assert set(values) <= known, query
        for label in re.findall(r"by \(([\w, ]+)\)", query):
            names = {family_of(name) for name, _ in SELECTOR.findall(query)}
            assert all(set(label.split(", ")) <= set(found[name]) | {"le"} for name in names), query


async def test_every_metric_is_on_the_dashboard(here: RunningApp) -> None:
    await busy(here)
    shown = {family_of(name) for query in QUERIES for name, _ in SELECTOR.findall(query)}
    assert shown == set(await labels_of_all(here))


def test_what_a_panel_says_is_there_and_no_two_have_one_place() -> None:
    panels = DASHBOARD["panels"]
    assert all(panel["description"].endswith(".") and panel["title"] for panel in panels)
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places) == len({panel["id"] for panel in panels})


@every_rule
def test_a_rule_says_what_is_wrong_what_to_do_and_where_to_read(rule: dict[str, Any]) -> None:
    notes = rule["annotations"]
    assert notes["summary"].endswith(".") and notes["action"].endswith((".", "?"))
    page, _, anchor = notes["docs"].partition("#")
    text = (ROOT / page).read_text("utf-8")
    headings = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in re.findall(r"^#+ (.+)$", text, re.M)}
    assert not anchor or anchor in headings
    assert rule["labels"]["severity"] in ("urgent", "soon")


async def beats(here: RunningApp, what: str, ago: timedelta) -> None:
    async with here.store.begin() as db:
        await heartbeat.record_heartbeat(db, what, here.clock())
    here.clock.passes(ago)


async def a_test_call_fails(here: RunningApp) -> None:
    await record_test_call(here, Verdict.failed)


async def no_test_call_passes(here: RunningApp) -> None:
    await record_test_call(here, Verdict.passed)
    here.clock.passes(8 * DAY)


async def forged(here: RunningApp) -> None:
    for _ in range(5):
        assert (await here.post("/voice", form_of(), signature="A" * 27 + "=")).status_code == 403


async def fails(here: RunningApp) -> None:
    app = app_of(flows({"town/well": FailsOnAnswer()}))
    await ask(app, action(await ask(app, f"{URL}/voice")), form_of(Digits="1"))


async def promises_without_a_database(here: RunningApp) -> None:
    async with running_app(DOWN, SHORT) as down:
        await down.rings("CA1", "4", "3", *"11111", "3", "1", "1")


async def answers_slowly(here: RunningApp) -> None:
    for _ in range(10):
        metrics.webhook_seconds.labels("voice").observe(3)


async def texts_wait(here: RunningApp) -> None:
    await enqueue_text(here.store, at=here.clock())
    here.clock.passes(timedelta(minutes=16))


async def texts_are_given_up(here: RunningApp) -> None:
    await enqueue_text(here.store, at=here.clock())
    here.clock.passes(4 * DAY)
    async with here.store.begin() as db:
        await sms_outbox.give_up(db, here.clock())


async def nobody_picks_up(here: RunningApp) -> None:
    async with here.store.begin() as db:
        for number in range(3):
            row = {"id": str(number), "call": b"%d" % number, "topic": "", "seconds": 20, "all_at_once": False}
            times = {"began": here.clock(), "changed": here.clock()}
            await db.execute(insert(hunts).values(**row, **times, state="over", way="left"))


async def callers_wait(here: RunningApp) -> None:
    await request_callback(here.store, at=here.clock())
    here.clock.passes(3 * DAY)


async def clock_is_wrong(here: RunningApp) -> None:
    async with here.store.begin() as db:
        await last_seen.record_doubt(db, here.clock(), None)


async def harms(here: RunningApp) -> None:
    async with here.store.begin() as db:
        await alerts.record(db, [Problem("rota", urgent=True, says="a", mend="b")], ["rota"], here.clock())


async def events_are_lost(here: RunningApp) -> None:
    longest, call_log.LONGEST = call_log.LONGEST, 0
    try:
        await here.rings("CA9")
    finally:
        call_log.LONGEST = longest


async def is_crowded(here: RunningApp) -> None:
    metrics.lines_closed.labels(Closed.crowded).inc()


async def is_missing(here: RunningApp) -> None:
    async with asyncio.timeout(20):
        while not {'ivr_missing{check="worker"}', 'ivr_missing{check="rota"}'} <= {
            name for name, value in (await read(here)).items() if value == 1
        }:
            await asyncio.sleep(0.01)


FAULTS: dict[str, Plant] = {
    "HelplineMissing": is_missing,
    "HelplineToSeeTo": is_missing,
    "HelplineAlertOpen": harms,
    "HelplineWorkerSilent": lambda here: beats(here, heartbeat.WORKER, timedelta(seconds=61)),
    "HelplineNobodyLooks": lambda here: beats(here, heartbeat.LOOKOUT, timedelta(seconds=601)),
    "HelplineTestCallFailed": a_test_call_fails,
    "HelplineTestCallOld": no_test_call_passes,
    "HelplineBackupOld": lambda here: beats(here, heartbeat.BACKUP, 37 * HOUR),
    "HelplineWebhooksRefused": forged,
    "HelplineStepsFail": fails,
    "HelplinePromisesRefused": promises_without_a_database,
    "HelplineSlow": answers_slowly,
    "HelplineTextsWait": texts_wait,
    "HelplineTextsFail": texts_are_given_up,
    "HelplineNobodyPicksUp": nobody_picks_up,
    "HelplineCallersWait": callers_wait,
    "HelplineClock": clock_is_wrong,
    "HelplineEventsLost": events_are_lost,
    "HelplineCrowded": is_crowded,
}
"""How the fault of each rule is planted, but of one: whether a web process answers at all is what Prometheus finds."""


def test_every_rule_about_our_metrics_has_its_fault() -> None:
    ours = {rule["alert"] for rule in RULES if not set(SELECTOR.findall(rule["expr"])) <= {("up", 'job="helpline"')}}
    assert ours == set(FAULTS)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule["alert"] in FAULTS], ids=lambda rule: rule["alert"])
async def test_a_rule_fires_when_its_fault_is_planted_and_not_before(
    url: str, rule: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "WATCH_SECONDS", 0.01)
    async with running_app(url, advisers=()) as here:
        before = await read(here)
        if FAULTS[rule["alert"]] is not is_missing:  # these are missed from the beginning
            assert not fires(rule["expr"], before, before)
        await FAULTS[rule["alert"]](here)
        here.clock.passes(timedelta(seconds=6))  # what was read lately is told again meanwhile
        assert fires(rule["expr"], await read(here), before)


def fires(rule: str, after: dict[str, float], before: dict[str, float]) -> bool:
    """Whether the first comparison of a rule holds for some series: of how much a counter went up, or of a gauge."""
    if "histogram_quantile" in rule:
        slow, limit = "ivr_webhook_seconds", rule.rpartition(">")[2].strip()
        in_time = grown(f'{slow}_bucket{{le="{limit}",webhook="voice"}}', after, before)
        return grown(f'{slow}_count{{webhook="voice"}}', after, before) > in_time
    found = COMPARISON.search(rule)
    assert found, rule
    increase, name, matchers, operator, limit = found.groups()
    values = [
        grown(series, after, before) if increase else value
        for series, value in after.items()
        if matches(series, name, matchers or "")
    ]
    return any(value == float(limit) if operator == "==" else value > float(limit) for value in values)


def grown(series: str, after: dict[str, float], before: dict[str, float]) -> float:
    return after.get(series, 0.0) - before.get(series, 0.0)


def matches(series: str, name: str, matchers: str) -> bool:
    own, _, labels = series.rstrip("}").partition("{")
    has = {label: value for label, _, value in MATCHER.findall(labels)}
    return own == name and all(
        re.fullmatch(wanted, has.get(label, "")) is not None if operator == "=~" else has.get(label) == wanted
        for label, operator, wanted in MATCHER.findall(matchers)
    )
