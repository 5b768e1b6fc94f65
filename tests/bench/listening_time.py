"""Seconds of speech from pick-up to the information that a caller wants, on the simulated telephone."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.applications import Starlette

from ivr.app import build
from ivr.config import Settings
from ivr.simulator.phone import Phone
from tests.bench.helpline import settings
from tests.bench.routes import INFORMATION, Route
from tests.bench.servers.helpline import MONDAY
from tests.bench.twilio_requests import AUTH_TOKEN, PUBLIC_URL

WEB_PAGE_WORDS = 2275
"""Words of Devon's advice page of June 2023."""
WORDS_PER_MINUTE = 150
WEB_PAGE_SECONDS = WEB_PAGE_WORDS / WORDS_PER_MINUTE * 60


def seconds_by_route(routes: Mapping[str, Route] = INFORMATION) -> dict[str, float]:
    """Return the seconds of each route for a caller who presses each key as soon as it is named.

    Raises AssertionError if one ends where its words are not heard.
    """
    with TemporaryDirectory() as folder:
        app = build(Settings.model_validate(settings(Path(folder))), lambda: MONDAY)
        return asyncio.run(_all(app, routes))


async def _all(app: Starlette, routes: Mapping[str, Route]) -> dict[str, float]:
    async with app.router.lifespan_context(app):
        return {name: await _seconds(app, route) for name, route in routes.items()}


async def _seconds(app: Starlette, route: Route) -> float:
    phone = Phone(app, public_url=PUBLIC_URL, token=AUTH_TOKEN, default_callee="rings")
    await phone.dials()
    for key in route.keys:
        await (phone.presses(key, pause=1) if len(key) > 1 else phone.presses(key, when_named=True))
    return phone.hears(route.words).heard_seconds
