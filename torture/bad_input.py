"""All bad webhooks, half of them to an application on PostgreSQL and half to one on SQLite, each in a process."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from ivr.store.migrate import migrate
from torture.database import Database
from torture.webhooks.fuzz import Found, fuzz

IN_MEMORY = Path("/dev/shm")  # noqa: S108  for the files of a database that nobody keeps
HALVES = ("PostgreSQL", "SQLite")


def torment(number: int, seed: int) -> Found:
    """So many webhooks in all."""
    found = Found()
    database = Database()
    where = IN_MEMORY if IN_MEMORY.is_dir() else gettempdir()
    try:
        with TemporaryDirectory(prefix="ivr-torture-", dir=where) as folder:
            file = f"sqlite:///{folder}/kept.db"
            migrate(file)
            with ProcessPoolExecutor(len(HALVES), mp_context=get_context("spawn")) as pool:
                halves = [
                    pool.submit(_half, url, seed + place, number // 2 + place * (number % 2))
                    for place, url in enumerate((database.url, file))
                ]
                for half in halves:
                    found.add(half.result())
    finally:
        database.drop()
    return found


def _half(url: str, seed: int, number: int) -> Found:
    return asyncio.run(fuzz(url, seed, number))
