"""Every call written down in tests/calls/ goes as it is written."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from ivr.app import build
from ivr.commands.in_process_worker import InProcessWorker
from ivr.config import CONTENT, Settings
from ivr.fallback_document import fallback_document
from ivr.simulator.scenarios.environment import AppFactory, AppProcess, Environment
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN, play
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.web.call_hooks import CallHooks
from tests.app_factory import PATIENT
from tests.attribution import AttributedContent
from tests.store.conftest import sqlite_url

HERE = Path(__file__).parent / "calls"
CALLS = sorted(HERE.rglob("*.yaml"))
WORKER = "those of IVR_ADVISERS, and a worker who rings them"
"""A scenario's `rota` where callers wait in the queue; in the others no worker runs, and we ring without it."""


def settings(more: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a helpline with two advisers."""
    usual = {
        "IVR_PUBLIC_URL": PUBLIC_URL,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "IVR_SECRET_KEY": "B" * 43,
        "IVR_CALLER_ID": "+441632960000",
        "IVR_ADVISERS": "+447700900001,+447700900002",
        "DATABASE_URL": "sqlite:////nowhere/helpline.db",  # tests that store something bring a database
    }
    return Settings.model_validate(usual | dict(more or {}))


def helpline(at: datetime, more: Mapping[str, str]) -> ASGIApp:
    """Return the real application, its clock stopped."""
    return build(settings(more), lambda: at)


def staged(more: Mapping[str, str]) -> AppFactory:
    """Return the real application, its clock going with the call."""
    return lambda stage: AppProcess(build(settings({**stage.settings, **more}), stage.clock))


@pytest.fixture(scope="module")
def attributed() -> AttributedContent:
    """Return our content; it tells which prompt everything is made of."""
    return AttributedContent()


@pytest.fixture
async def answered(kept: Mapping[str, str], attributed: AttributedContent) -> AsyncIterator[AppFactory]:
    """Yield helplines that can send texts, on one database; each is closed when the call is over."""
    made: list[Starlette] = []
    besides: list[InProcessWorker] = []

    def make(stage: Environment) -> AppProcess:
        ours = settings({**kept, **stage.settings})
        noted = attributed.spoken.note_document
        source = attributed.source if ours.content == CONTENT else None
        made.append(build(ours, stage.clock, content=source, patience=PATIENT, hooks=CallHooks(rendered=noted)))
        if stage.rota != WORKER:
            return AppProcess(made[-1], prompts_in=attributed.spoken.in_document)
        besides.append(InProcessWorker(ours, stage.twilio, stage.clock))
        return AppProcess(made[-1], besides[-1].round, attributed.spoken.in_document)

    yield make
    for beside in besides:
        await beside.close()
    for app in made:
        async with app.router.lifespan_context(app):
            pass


@pytest.fixture
def kept(tmp_path: Path) -> Mapping[str, str]:
    """Return what it takes to send texts: an empty database, and a number to send them from."""
    return {"DATABASE_URL": sqlite_url(tmp_path), "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "IVR_SMS_FROM": SENDER}


@pytest.mark.parametrize("script", CALLS, ids=lambda path: path.relative_to(HERE).as_posix())
async def test_the_call_goes_as_it_is_written_and_every_word_is_known_to_be_of_its_prompt(
    script: Path, answered: AppFactory, attributed: AttributedContent
) -> None:
    now = datetime.fromisoformat("2026-11-23T10:00+00:00")
    status = f"{PUBLIC_URL}/voice/status"
    try:
        fallback = fallback_document(settings(), now, attributed.source.current, attributed.spoken.note_document)
        phone = await play(script, answered, fallback=fallback, status_callback=status)
    except AssertionError as otherwise:
        # In the browser it can be heard, and gone on with, from the step where it failed.
        otherwise.add_note(f"Open it there: ivr phone --script tests/calls/{script.relative_to(HERE).as_posix()}")
        raise
    assert list(attributed.mistakes(phone)) == []
