"""Sends twisted webhooks to the whole application, and counts what came of them."""

import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from time import perf_counter

from starlette.applications import Starlette

from ivr.app import build
from ivr.config import Settings
from ivr.log import quiet
from torture.webhooks.ask import Asker
from torture.webhooks.honest import gather
from torture.webhooks.judge import complaint
from torture.webhooks.twists import twisted
from torture.webhooks.webhook import URL

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CALLS = 150
"""Calls from which webhooks are taken to be twisted."""
PATIENCE = 30.0
"""Seconds for the database: a machine that stands still for a moment is no fault of a webhook."""
MOST_DETAILS = 20


@dataclass
class Found:
    """`statuses` counts answers by status, `ways` webhooks by how they were wrong; `complaints` is what must not be."""

    sent: int = 0
    signed: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    complaints: Counter[str] = field(default_factory=Counter)
    details: list[str] = field(default_factory=list)
    seconds: float = 0.0
    refusing: float = 0.0
    """Seconds in all that those took which were not signed."""
    unsigned: int = 0

    def add(self, other: "Found") -> None:
        """What another process found."""
        self.sent, self.signed, self.unsigned = (
            self.sent + other.sent,
            self.signed + other.signed,
            self.unsigned + other.unsigned,
        )
        self.statuses += other.statuses
        self.ways += other.ways
        self.complaints += other.complaints
        self.details += other.details
        self.seconds, self.refusing = max(self.seconds, other.seconds), self.refusing + other.refusing


@asynccontextmanager
async def application(database_url: str) -> AsyncIterator[Starlette]:
    """The whole helpline, as it is served, on a Monday morning."""
    settings = Settings(
        IVR_PUBLIC_URL=URL,
        TWILIO_AUTH_TOKEN="token",  # noqa: S106  it opens nothing
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        IVR_SECRET_KEY="A" * 43,
        IVR_CALLER_ID="+441632960000",
        IVR_SMS_FROM="+447700900999",
        IVR_ADVISERS="+447700900990,+447700900991",
        DATABASE_URL=database_url,
    )
    app = build(settings, clock=lambda: NOW, patience=PATIENCE)
    with quiet(logging.CRITICAL + 1):
        async with app.router.lifespan_context(app):
            yield app


async def fuzz(database_url: str, seed: int, number: int, calls: int = CALLS) -> Found:
    """So many webhooks, the same for the same seed, to an application on this database."""
    random, found = Random(seed), Found()
    async with application(database_url) as app:
        asker = Asker(app)
        honest = await gather(asker, random, calls)
        began = perf_counter()
        for _ in range(number):
            webhook, ways = twisted(honest, random)
            at = perf_counter()
            answer = await asker.asks(webhook)
            if not webhook.is_signed:
                found.unsigned += 1
                found.refusing += perf_counter() - at
            found.sent += 1
            found.signed += webhook.is_signed
            found.statuses[answer.status] += 1
            found.ways.update(ways)
            if wrong := complaint(webhook, answer):
                found.complaints[f"{', '.join(ways)}: {wrong}"] += 1
                if len(found.details) < MOST_DETAILS:
                    found.details.append(f"{wrong}\n  {webhook!r:.600}\n  {answer.body[:300]!r}")
        found.seconds = perf_counter() - began
    return found
