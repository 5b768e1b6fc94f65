"""Every kind of harm is counted where it is planted, and not where all is well."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from ivr.helpline.hunt import HuntState
from ivr.simulator.network.waits import Ending
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twilio_api.resources.message import MessageResource
from ivr.store.database import Store
from ivr.store.leg_states import LegState
from ivr.store.sms_states import SmsState
from ivr.store.tables import callbacks, hunts, legs, sms_outbox, voicemails
from ivr.store.voicemail_list import VoicemailState
from tests.chaos.call_result import CALLBACK, TEXT, TWO_TEXTS, CallResult
from tests.chaos.environment import ADVISERS, Environment
from tests.chaos.faults.database import no_fault
from tests.chaos.messages import count_messages
from tests.chaos.promises import Promises, count_promises
from tests.chaos.ringing import NOTICED_AFTER, count_engaged, count_ghost_rings
from tests.chaos.run import SECRETS, Run
from tests.chaos.run_clock import MINUTE, RunClock
from tests.chaos.scenario import Scenario
from tests.processes.ivr_process import ROOT, IvrProcess
from tests.processes.load_balancer import LoadBalancer
from tests.store.conftest import sqlite_url

NUMBER, CALL, LEG = "+447700900001", "CA1", "leg"
SECOND = timedelta(seconds=1)
OPEN, CLOSED = datetime.fromisoformat("2026-11-23T10:00Z"), datetime.fromisoformat("2026-11-23T17:01:01Z")
CALLED = CallResult(CALL, NUMBER, "a text", 10.0, 20.0, Ending.APP_HUNG_UP, (), False, False, (), "", 0, 0.0)


@dataclass
class Planted:
    """A run of no processes, in which harm is planted."""

    run: Run

    async def add(self, table: Any, **values: Any) -> None:
        """Add a row of the caller's number, with a call of theirs."""
        async with self.run.store.begin() as db:
            cipher = self.run.store.cipher
            call = cipher.blind_index(CALL)
            known = cipher.encrypt_number(NUMBER) | {
                "id": "id",
                "topic": "school",
                "body": cipher.encrypt("…"),
                "call": call,
            }
            times = dict.fromkeys(("promised", "due", "changed", "began", "asked"), self.run.now())
            fits = {name: value for name, value in (known | times).items() if name in table.c}
            await db.execute(insert(table).values(fits | values))

    async def add_hunt(self, state: LegState = LegState.over) -> None:
        """Add a hunt for the caller, and the leg of an adviser."""
        await self.add(hunts, id="hunt", seconds=20, all_at_once=False, state=HuntState.over)
        await self.add(legs, id=LEG, hunt="hunt", state=state, asked=None)

    def ring(self, at: datetime) -> None:
        """Have the adviser rung."""
        address = f"https://helpline.example/voice/status?leg={LEG}#rc=5"
        self.run.environment.rings.append(CallResource(ADVISERS[0], "", "", at, status_callback=address))

    def leave_message(self) -> str:
        """Have the caller leave a message and return its RecordingSid."""
        account = self.run.environment.provider_api
        self.run.environment.messages.append(left := account.add_recording(CALL, "Please ring me", 5))
        return left.sid

    def text(self, *bodies: str, to: str = NUMBER) -> None:
        """Send texts."""
        account = self.run.environment.provider_api
        account.messages += [MessageResource(to, SENDER, body, "", OPEN) for body in bodies]

    def restore_backup(self, *, since: float) -> None:
        """Restore a backup of that time after the call."""
        self.run.backup_taken, self.run.restored = since, 100.0

    async def promises(self, *heard: str) -> Promises:
        """Count what became of promises that the caller heard."""
        self.run.calls = [replace(CALLED, heard=heard)]
        return await count_promises(self.run)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path)


@pytest.fixture
async def planted(tmp_path: Path, url: str) -> AsyncIterator[Planted]:
    environment = Environment(LoadBalancer(), TwilioAccount(), "", Random(1))
    scenario, clock = Scenario("planted", "Harm.", no_fault), RunClock(tmp_path / "clock")
    async with Store(url, SECRETS, 30) as store, AsyncExitStack() as stack:
        run = Run(scenario, tmp_path, environment, store, 0, clock, stack)
        run.webs = [IvrProcess(tmp_path / "log", {}, (), program=tmp_path)]
        yield Planted(run)


@pytest.mark.parametrize(("state", "engaged"), [(LegState.talking, 1), (LegState.placing, 1), (LegState.over, 0)])
async def test_an_adviser_whose_leg_goes_on_is_left_engaged(planted: Planted, state: LegState, engaged: int) -> None:
    await planted.add_hunt(state)
    assert await count_engaged(planted.run) == engaged


@pytest.mark.parametrize(("after", "ghosts"), [(-MINUTE, 0), (NOTICED_AFTER, 0), (NOTICED_AFTER + SECOND, 1)])
async def test_an_adviser_rung_long_after_the_caller_has_gone_is_a_ghost_ring(
    planted: Planted, after: timedelta, ghosts: int
) -> None:
    await planted.add_hunt()
    planted.run.environment.gone[CALL] = OPEN
    planted.ring(OPEN + after)
    assert await count_ghost_rings(planted.run) == ghosts


@pytest.mark.parametrize(("at", "ghosts"), [(OPEN, 0), (CLOSED - 2 * SECOND, 0), (CLOSED, 1)])
async def test_an_adviser_rung_outside_the_opening_hours_is_a_ghost_ring(
    planted: Planted, at: datetime, ghosts: int
) -> None:
    planted.run.webs[0].program = ROOT
    planted.ring(at)
    assert await count_ghost_rings(planted.run) == ghosts


async def test_a_message_counts_as_found_with_its_audio_or_discarded(planted: Planted) -> None:
    heard, discarded, silent, unknown = [planted.leave_message() for _ in range(4)]
    await planted.add(voicemails, id="1", recording=heard, sound=b"sound", state=VoicemailState.sent)
    await planted.add(voicemails, id="2", recording=discarded, state=VoicemailState.discarded)
    await planted.add(voicemails, id="3", recording=silent, state=VoicemailState.sent)
    found = await count_messages(planted.run)
    assert (found.left, found.found, found.lost_with_database) == (4, 2, 0)
    assert unknown


async def test_a_message_is_lost_with_the_database_only_once_it_is_deleted_at_the_provider(planted: Planted) -> None:
    planted.leave_message()
    planted.run.calls = [CALLED]
    planted.restore_backup(since=CALLED.began)
    assert (await count_messages(planted.run)).lost_with_database == 0
    planted.run.environment.provider_api.recordings.clear()
    assert (await count_messages(planted.run)).lost_with_database == 1


async def test_a_text_that_failed_is_given_up(planted: Planted) -> None:
    await planted.add(sms_outbox, state=SmsState.failed)
    assert (await planted.promises()).given_up == 1


async def test_a_promise_without_a_row_is_broken_and_a_text_never_sent_is_lost(planted: Planted) -> None:
    found = await planted.promises(CALLBACK, TWO_TEXTS)
    assert (found.made, found.broken, found.lost, found.lost_with_database) == (3, 1, 2, 0)
    await planted.add(callbacks, part="morning", state="open")
    planted.text("one", "two")
    found = await planted.promises(CALLBACK, TWO_TEXTS)
    assert (found.broken, found.lost) == (0, 0)


async def test_what_was_promised_after_the_backup_is_lost_with_the_database(planted: Planted) -> None:
    planted.restore_backup(since=CALLED.ended - 1)
    found = await planted.promises(CALLBACK, TEXT)
    assert (found.broken, found.lost, found.lost_with_database) == (0, 0, 2)


async def test_what_was_promised_before_the_backup_is_broken(planted: Planted) -> None:
    planted.restore_backup(since=CALLED.ended + 1)
    found = await planted.promises(CALLBACK, TEXT)
    assert (found.broken, found.lost, found.lost_with_database) == (1, 1, 0)


@pytest.mark.parametrize(
    ("heard", "bodies", "duplicated"),
    [
        (TEXT, ["a"], 0),
        (TEXT, ["a", "a"], 1),
        (TWO_TEXTS, ["a", "b"], 0),
        (TWO_TEXTS, ["a", "b", "b"], 1),
        ("", ["a", "b"], 0),
    ],
)
async def test_a_text_is_duplicated_if_the_same_words_came_once_more_than_promised(
    planted: Planted, heard: str, bodies: list[str], duplicated: int
) -> None:
    planted.text(*bodies)
    assert (await planted.promises(heard)).duplicated == duplicated


async def test_alerts_to_advisers_are_no_duplicates_where_a_backup_was_restored(planted: Planted) -> None:
    planted.text("a message waits", "a message waits", to=ADVISERS[0])
    assert (await planted.promises()).duplicated == 1
    planted.restore_backup(since=0.0)
    assert (await planted.promises()).duplicated == 0
