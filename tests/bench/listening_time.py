"""Seconds of speech from pick-up to the information that a caller wants, on the simulated telephone."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.applications import Starlette

from ivr.app import build
from ivr.config import Settings
from ivr.simulator.phone import Phone
from tests.bench.helpline import settings
from tests.bench.servers.helpline import MONDAY
from tests.bench.twilio_requests import AUTH_TOKEN, PUBLIC_URL

WEB_PAGE_WORDS = 2275
"""Words of Devon's advice page of June 2023."""
WORDS_PER_MINUTE = 150
WEB_PAGE_SECONDS = WEB_PAGE_WORDS / WORDS_PER_MINUTE * 60
ROUTES = {
    "an adviser's telephone rings": ("0",),
    "sent home, suspended or excluded": ("2", "1"),
    "first steps at school": ("2", "2"),
    "a complaint to the school": ("2", "3"),
    "taking it further": ("2", "4"),
    "disability discrimination": ("2", "5"),
    "a complaint about a health service": ("3",),
    "social care, under eighteen": ("4", "1"),
    "social care, eighteen or over": ("4", "2"),
    "settling a disagreement": ("5",),
    "which decisions can be challenged": ("1", "2"),
    "mediation": ("1", "3"),
    "the mediation adviser": ("1", "4"),
    "the last day to appeal": ("1", "1", "14102026", "1", "2", "2"),
}
"""Keys to each piece of information."""


def seconds_by_route() -> dict[str, float]:
    """Return the seconds of each route for a caller who presses each key as soon as it is named."""
    with TemporaryDirectory() as folder:
        app = build(Settings.model_validate(settings(Path(folder))), lambda: MONDAY)
        return asyncio.run(_all(app))


async def _all(app: Starlette) -> dict[str, float]:
    async with app.router.lifespan_context(app):
        return {name: await _seconds(app, keys) for name, keys in ROUTES.items()}


async def _seconds(app: Starlette, keys: tuple[str, ...]) -> float:
    phone = Phone(app, public_url=PUBLIC_URL, token=AUTH_TOKEN, default_callee="rings")
    await phone.dials()
    for key in keys:
        await (phone.presses(key, pause=1) if len(key) > 1 else phone.presses(key, when_named=True))
    return phone.heard_seconds
