"""The caller's own time: seconds from pick-up, on the make-believe telephone, at 150 words a minute."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.applications import Starlette

from bench.helpline import settings
from bench.servers.ours import MONDAY
from bench.webhooks import PUBLIC_URL, TOKEN
from ivr.app import build
from ivr.config import Settings
from ivr.phone import Phone

PAGE_WORDS = 2275
"""Devon's advice page of June 2023, counted once."""
WORDS_A_MINUTE = 150
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


def seconds_of_routes() -> dict[str, float]:
    """From pick-up until what was looked for begins: keys are pressed as soon as they are named."""
    with TemporaryDirectory() as folder:
        app = build(Settings.model_validate(settings(Path(folder))), lambda: MONDAY)
        return asyncio.run(_all(app))


async def _all(app: Starlette) -> dict[str, float]:
    async with app.router.lifespan_context(app):
        return {name: await _seconds(app, keys) for name, keys in ROUTES.items()}


async def _seconds(app: Starlette, keys: tuple[str, ...]) -> float:
    phone = Phone(app, public_url=PUBLIC_URL, token=TOKEN, otherwise="rings")
    await phone.dials()
    for key in keys:
        await (phone.presses(key, pause=1) if len(key) > 1 else phone.presses(key, when_named=True))
    return phone.heard_seconds


def page_read_aloud() -> float:
    """Seconds, for the whole of it."""
    return PAGE_WORDS / WORDS_A_MINUTE * 60
