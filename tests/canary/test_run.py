"""A whole test call against the helpline, its worker and the provider in simulated time; and each part of it broken."""

from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import func, select
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from ivr.canary.run import FIRST
from ivr.config import CONTENT, EXAMPLE
from ivr.helpline.canary import Probe, Verdict
from ivr.simulator.network.directory import Directory
from ivr.simulator.twilio_api.faults import Fault
from ivr.store import canary_runs, measures
from ivr.store.accounts import Channel
from ivr.store.alert_messages import Ways
from ivr.store.measures import NOTHING
from ivr.store.tables import (
    call_events,
    calls,
    daily_counts,
    hunts,
    quota_usage,
    reminders,
    sms_inbox,
    sms_outbox,
    voicemails,
)
from ivr.web import metrics
from tests.canary.alarm import Alarm
from tests.canary.rig import ADVISER, CANARY_NUMBER, CLOSED, Rig, rig

OF_CALLERS = (*(call_events, calls, daily_counts, hunts, quota_usage, reminders, sms_inbox, sms_outbox, voicemails),)
"""The tables in which callers are, and are counted."""
COUNTERS = "ivr_calls_total", "ivr_effects_total", "ivr_calls_ended_total"


async def answers_500(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as a helpline that is broken."""
    await PlainTextResponse("broken", 500)(scope, receive, send)


def breaks_calls(made: Rig) -> None:
    made.carrier.webhooks.app = answers_500


def mutes(made: Rig) -> None:
    made.account.records_silence = True


def loses_texts(made: Rig) -> None:
    made.account.inject_from(repeat(Fault(statuses=("sent",))), "Messages")


def loses_recordings(made: Rig) -> None:
    made.loses_recordings = True


def lets_it_ring(made: Rig) -> None:
    made.number(CANARY_NUMBER).voice_url = ""
    made.carrier.directory = Directory({}, "no_answer")


def counted() -> dict[str, float]:
    """Return the counters of callers."""
    return {
        f"{one.name}{one.labels}": one.value
        for metric in metrics.registry.collect()
        for one in metric.samples
        if one.name in COUNTERS
    }


async def test_a_helpline_that_is_well_passes_every_probe_and_rings_nobody(database: str) -> None:
    async with rig(database) as made:
        results = await made.run()
        assert {one.probe: one.verdict for one in results} == dict.fromkeys(Probe, Verdict.passed)
        assert list(results) == made.told
        assert made.rung == []
        async with made.store.read() as db:
            last = await canary_runs.last(db)
        assert last
        assert last.results == tuple(results)


@pytest.mark.parametrize(
    ("fault", "probe", "words", "told_by"),
    [
        (breaks_calls, Probe.call, "not by this helpline", Channel.email),
        (mutes, Probe.sound, "silence", Channel.text),
        (loses_texts, Probe.text, "did not come", Channel.email),
        (loses_recordings, Probe.message, "no recording", Channel.text),
        (lets_it_ring, Probe.adviser, "did not take it", Channel.email),
    ],
)
async def test_what_is_broken_alone_is_named_alone_and_told_by_what_is_not_broken(
    database: str, fault: Callable[[Rig], None], probe: Probe, words: str, told_by: Channel
) -> None:
    async with rig(database) as made:
        alarm = Alarm(made)
        await alarm.is_staffed()
        fault(made)
        results = await made.run(*({probe} if probe not in FIRST else FIRST))
        [failed] = [one for one in results if one.verdict is Verdict.failed]
        assert failed.probe is probe
        assert words in failed.says
        assert ADVISER not in made.rung
        [(channel, [line])] = await alarm.told()
        assert channel is told_by
        assert f"{probe} failed: {failed.says}" in line
        assert await alarm.pings() == "https://ping.example/secret/fail"


async def test_without_a_mail_server_it_is_told_by_text_and_told_again_when_it_is_well(database: str) -> None:
    async with rig(database) as made:
        alarm = Alarm(made, Ways(text=True, email=False))
        await alarm.is_staffed()
        breaks_calls(made)
        await made.run(Probe.call)
        [(channel, _)] = await alarm.told()
        assert channel is Channel.text
        assert len(await alarm.told()) == 1
        made.carrier.webhooks.app = made.app
        await made.run(Probe.call)
        _, (_, [line]) = await alarm.told()
        assert line.startswith("No longer: test call of")
        assert await alarm.pings() == "https://ping.example/secret"


async def test_a_deadline_that_is_not_reached_is_named(database: str, tmp_path: Path) -> None:
    other = copytree(CONTENT / "flows", tmp_path / "other/flows").parent
    copytree(CONTENT / "prompts", other / "prompts")
    flow = other / "flows/deadline.yaml"
    flow.write_text(flow.read_text().replace("  no: work_out\n", "  no: certificate\n", 1))
    async with rig(database, answering=other) as made:
        results = {one.probe: one for one in await made.run(*FIRST)}
        assert results[Probe.deadline].verdict is Verdict.failed
        assert "deadline/work_out was not reached" in results[Probe.deadline].says
        assert results[Probe.call].verdict is Verdict.passed
        assert ADVISER not in made.rung


async def test_a_call_that_our_application_does_not_answer_is_ended_before_the_fallback_rings_anybody(
    database: str,
) -> None:
    async with rig(database) as made:
        made.number(CANARY_NUMBER).voice_url = ""
        breaks_calls(made)
        assert await made.failed() == [Probe.call]
        [call] = made.account.calls
        assert call.seconds <= 10
        assert {one.probe: one.verdict for one in made.told} == {
            probe: Verdict.failed if probe is Probe.call else Verdict.skipped for probe in Probe
        }


async def test_a_test_call_is_in_no_figure_and_leaves_nothing(database: str) -> None:
    async with rig(database) as made:
        before, seen = counted(), list[measures.Measures]()

        async def looks() -> None:
            async with made.store.read() as db:
                seen.append(await measures.measure(db, made.clock()))

        made.looks = looks
        await made.run()
        assert len(seen) > 100
        for one in seen:
            assert (one.calls, one.today) == (0, {})
            assert one.waiting == NOTHING.waiting
            assert set(one.texts.values()) | set(one.hunts.values()) == {0}
        assert counted() == before
        async with made.store.read() as db:
            for table in OF_CALLERS:
                assert await db.scalar(select(func.count()).select_from(table)) == 0, table.name
        await made.maintenance.delete_at_the_provider()
        assert made.account.recordings == []
        assert [*made.account.messages, *made.account.received] == []


async def test_no_quota_keeps_a_test_call_from_its_text_and_its_message(database: str) -> None:
    nothing = {"IVR_TEXTS_PER_HOUR": 0, "IVR_MESSAGES_PER_HOUR": 0, "IVR_CALLER_SHARE": 1}
    async with rig(database, more=nothing) as made:
        assert await made.failed(Probe.text, Probe.message) == []


async def test_while_we_are_closed_a_message_is_left_and_nobody_is_rung(database: str) -> None:
    async with rig(database, at=CLOSED) as made:
        verdicts = await made.verdicts(Probe.message, Probe.adviser)
        assert verdicts == {Probe.message: "passed", Probe.adviser: "skipped"}
        assert "closed now" in made.told[-1].says


async def test_another_county_is_rung_by_keys_of_its_own_and_what_it_lacks_is_said(database: str) -> None:
    async with rig(database, content=EXAMPLE) as made:
        verdicts = await made.verdicts(*FIRST, Probe.message, Probe.adviser)
        assert verdicts == dict.fromkeys(FIRST, "passed") | {Probe.message: "skipped", Probe.adviser: "passed"}
        assert "no message can be left" in next(one.says for one in made.told if one.probe is Probe.message)


async def test_what_is_tried_alone_leaves_the_rest_as_it_was_found_before(database: str) -> None:
    async with rig(database) as made:
        made.account.records_silence = True
        await made.run(Probe.sound)
        await made.run(Probe.text)
        async with made.store.read() as db:
            last = await canary_runs.last_ended(db)
        assert last
        assert [one.probe for one in last.failed] == [Probe.sound]
        assert {one.probe for one in last.results} == {Probe.call, Probe.sound, Probe.text}


async def test_while_one_test_call_goes_on_no_other_begins(database: str) -> None:
    async with rig(database) as made:
        again = list[object]()

        async def looks() -> None:
            if not again:
                again.append(await made.canary.run())

        made.looks = looks
        await made.run(Probe.text)
        assert again == [None]
