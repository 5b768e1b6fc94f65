"""Whether key presses take longer while twenty of staff have their pages open: `make bench-console`.

The helpline and the pages are two processes on one core, over one SQLite database with a made-up year in it.
"""

import asyncio
import os
import subprocess
import sys
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from uuid import uuid4

import typer
from sqlalchemy import insert

from ivr.console.sessions import COOKIE
from ivr.demo.fill import fill
from ivr.loader import load
from ivr.staff.accounts import Role
from ivr.store.database import Store
from ivr.store.tables import accounts, staff_sessions
from tests.bench import helpline
from tests.bench.helpline import MENU_KEY
from tests.bench.load_generator import open_loop
from tests.bench.machine import pin_load_generator
from tests.bench.server_process import ROOT, ServerProcess, running_server
from tests.bench.staff_visitors import PAGES, POLL, VISITORS, get
from tests.bench.stats import MedianRange, percentile, ratios

CALLS, TOKEN = 100_000, "somebody-of-staff"
COOKIES = f"{COOKIE}={TOKEN}"
ROUNDS, SECONDS, RATE = 5, 12, 100
TARGET = 1.2
SIGN_IN = b"GET /console/sign-in HTTP/1.1\r\nHost: helpline.example\r\n\r\n"


def main() -> None:
    """Measure, and print the figures."""
    cores = pin_load_generator()
    with TemporaryDirectory() as folder:
        settings = helpline.settings(Path(folder))
        asyncio.run(_fill(settings))
        first = MENU_KEY.requests(1)[0]
        with (
            running_server(lambda port: helpline.command(port), cores.server, first, settings) as ours,
            running_server(_console, cores.server, SIGN_IN, settings) as console,
        ):
            _print_pages(console)
            _print_key_presses(ours, console, cores.server)


def _print_pages(console: ServerProcess) -> None:
    typer.echo(f"Milliseconds of a page, in a year of {CALLS:,} calls, median and range of ten:")
    for path in PAGES:
        times = [_milliseconds(console, path) for _ in range(10)]
        typer.echo(f"  {path:20} {MedianRange.of(times).format('.0f')}")


def _print_key_presses(ours: ServerProcess, console: ServerProcess, core: int) -> None:
    alone, beside = list[float](), list[float]()
    for _ in range(ROUNDS):
        alone.append(_p99(ours))
        with _visitors(console, core):
            beside.append(_p99(ours))
    ratio = ratios(beside, alone)
    typer.echo(f"Key presses at {RATE} a second, p99 in ms: {MedianRange.of(alone).format('.2f')} alone,")
    typer.echo(f"  {MedianRange.of(beside).format('.2f')} while {VISITORS} of staff have their pages open;")
    typer.echo(f"  ratio {ratio.format('.2f')}, wanted at most {TARGET}.")


def _p99(server: ServerProcess) -> float:
    latencies, errors = open_loop(server.port, MENU_KEY.requests(RATE * SECONDS), RATE)
    if errors:
        raise RuntimeError(f"{errors} key presses failed")
    return percentile(latencies, 99) * 1000


@contextmanager
def _visitors(console: ServerProcess, core: int) -> Iterator[None]:
    """Have the pages open meanwhile, by a process on the core of the servers."""
    command = [sys.executable, "-m", "tests.bench.staff_visitors", str(console.port), COOKIES]
    visiting = subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, {core}), cwd=ROOT)
    sleep(POLL)  # until all of them have begun
    try:
        yield
    finally:
        visiting.kill()
        visiting.wait()


def _milliseconds(console: ServerProcess, path: str) -> float:
    began = perf_counter()
    if (status := get(console.port, path, COOKIES)) != 200:
        raise RuntimeError(f"{path} answers {status}")
    return (perf_counter() - began) * 1000


def _console(port: int) -> Sequence[str]:
    return ["-m", "ivr", "console", "--port", str(port)]


async def _fill(settings: dict[str, str]) -> None:
    """Write the year, and a manager who is signed in."""
    now, flows = datetime.now(UTC), load().flows
    async with Store(settings["DATABASE_URL"], [urlsafe_b64decode(helpline.SECRET + "=")], 60) as store:
        async for _ in fill(store, flows, "", b"RIFF", calls=CALLS, seed=1, last=now):
            pass
        async with store.begin() as db:
            id, cipher = str(uuid4()), store.cipher
            email = {"email": cipher.encrypt("max@helpline.example"), "email_index": cipher.blind_index("max")}
            about = {"id": id, "name": "Max", "role": Role.manager, "state": "active", "password": ""}
            await db.execute(insert(accounts).values(**about, **email, created=now, changed=now))
            session = {"id": sha256(TOKEN.encode()).digest(), "account": id, "device": "a browser"}
            await db.execute(insert(staff_sessions).values(**session, began=now, seen=now))


if __name__ == "__main__":
    typer.run(main)
