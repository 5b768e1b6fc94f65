"""Sends mutated webhooks to the whole application and counts the responses."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, gettempdir
from time import perf_counter

from starlette.applications import Starlette

from ivr.app import build
from ivr.config import Settings
from ivr.log import quiet
from ivr.store.migrate import migrate
from tests.chaos.database import Database
from tests.chaos.fuzz.asgi_client import AsgiClient
from tests.chaos.fuzz.mutations import mutate
from tests.chaos.fuzz.oracle import violation
from tests.chaos.fuzz.raw_webhook import URL
from tests.chaos.fuzz.seed_corpus import record_corpus

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CALLS = 150
"""Calls whose webhooks make up the seed corpus."""
DATABASE_TIMEOUT = 30.0
"""Seconds, so that a machine that stalls for a moment fails no webhook."""
MAX_DETAILS = 20
SHARED_MEMORY = Path("/dev/shm")


@dataclass
class FuzzResults:
    """Counts of webhooks, of responses by status, of mutations by name, and of violations by description."""

    sent: int = 0
    signed: int = 0
    unsigned: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    mutations: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    details: list[str] = field(default_factory=list)
    seconds: float = 0.0
    unsigned_seconds: float = 0.0
    """The sum of the response times of unsigned webhooks."""

    def add(self, other: "FuzzResults") -> None:
        """Add the results of another process."""
        self.sent += other.sent
        self.signed += other.signed
        self.unsigned += other.unsigned
        self.statuses += other.statuses
        self.mutations += other.mutations
        self.violations += other.violations
        self.details += other.details
        self.seconds = max(self.seconds, other.seconds)
        self.unsigned_seconds += other.unsigned_seconds


@asynccontextmanager
async def application(database_url: str) -> AsyncIterator[Starlette]:
    """Start the whole application with a clock that stands on a Monday morning."""
    settings = Settings(
        IVR_PUBLIC_URL=URL,
        TWILIO_AUTH_TOKEN="token",
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        IVR_SECRET_KEY="A" * 43,
        IVR_CALLER_ID="+441632960000",
        IVR_SMS_FROM="+447700900999",
        IVR_ADVISERS="+447700900990,+447700900991",
        DATABASE_URL=database_url,
    )
    app = build(settings, clock=lambda: NOW, patience=DATABASE_TIMEOUT)
    with quiet(logging.CRITICAL + 1):
        async with app.router.lifespan_context(app):
            yield app


async def fuzz(database_url: str, seed: int, number: int, calls: int = CALLS) -> FuzzResults:
    """Send `number` webhooks, the same for the same seed, to an application on this database."""
    random, found = Random(seed), FuzzResults()
    async with application(database_url) as app:
        client = AsgiClient(app)
        corpus = await record_corpus(client, random, calls)
        began = perf_counter()
        for _ in range(number):
            webhook, mutations = mutate(corpus, random)
            at = perf_counter()
            response = await client.send(webhook)
            if not webhook.is_signed:
                found.unsigned += 1
                found.unsigned_seconds += perf_counter() - at
            found.sent += 1
            found.signed += webhook.is_signed
            found.statuses[response.status] += 1
            found.mutations.update(mutations)
            if wrong := violation(webhook, response):
                found.violations[f"{', '.join(mutations)}: {wrong}"] += 1
                if len(found.details) < MAX_DETAILS:
                    found.details.append(f"{wrong}\n  {webhook!r:.600}\n  {response.body[:300]!r}")
        found.seconds = perf_counter() - began
    return found


def fuzz_both_databases(number: int, seed: int) -> FuzzResults:
    """Send half of the webhooks to an application on PostgreSQL and half to one on SQLite, each in a process."""
    found = FuzzResults()
    database = Database()
    parent = SHARED_MEMORY if SHARED_MEMORY.is_dir() else gettempdir()
    try:
        with TemporaryDirectory(prefix="ivr-chaos-", dir=parent) as folder:
            sqlite_url = f"sqlite:///{folder}/helpline.db"
            migrate(sqlite_url)
            with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
                halves = [
                    pool.submit(_fuzz_one, url, seed + place, number // 2 + place * (number % 2))
                    for place, url in enumerate((database.url, sqlite_url))
                ]
                for half in halves:
                    found.add(half.result())
    finally:
        database.drop()
    return found


def _fuzz_one(url: str, seed: int, number: int) -> FuzzResults:
    return asyncio.run(fuzz(url, seed, number))
