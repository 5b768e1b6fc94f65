"""Every call written down in tests/calls/ goes as it is written."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from ivr.app import build, fallback_document
from ivr.config import Settings
from ivr.phone.scene import PUBLIC_URL, TOKEN, play

HERE = Path(__file__).parent / "calls"
CALLS = sorted(HERE.rglob("*.yaml"))


def settings(more: Mapping[str, str] | None = None) -> Settings:
    """A helpline with two advisers, as an operator would set it up."""
    usual = {
        "IVR_PUBLIC_URL": PUBLIC_URL,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "IVR_SECRET_KEY": "B" * 43,
        "IVR_CALLER_ID": "+441632960000",
        "IVR_ADVISERS": "+447700900001,+447700900002",
    }
    return Settings.model_validate(usual | dict(more or {}))


def helpline(at: datetime, more: Mapping[str, str]) -> ASGIApp:
    """The real application, at a moment that does not pass."""
    return build(settings(more), lambda: at)


@pytest.mark.parametrize("script", CALLS, ids=lambda path: path.relative_to(HERE).as_posix())
async def test_the_call_goes_as_it_is_written(script: Path) -> None:
    now = datetime.fromisoformat("2026-11-23T10:00+00:00")
    await play(script, helpline, fallback=fallback_document(settings(), now))
