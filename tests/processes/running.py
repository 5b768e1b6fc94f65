"""Runs the helpline's own commands as real processes, and sends what comes in to one after the other."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM
from typing import TypeVar

import httpx2
from starlette.types import Receive, Scope, Send

from ivr.web.body import read_body

ROOT = Path(__file__).parent.parent.parent
LONGEST = 60.0
"""Seconds after which what should happen is not going to."""
Seen = TypeVar("Seen")


@asynccontextmanager
async def running(log: Path, settings: Mapping[str, str], *command: str) -> AsyncIterator[Process]:
    """`ivr …` with these settings, until it is no longer wanted; one that was not killed ends as it should."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("IVR_", "TWILIO_"))}
    environment = known | dict(settings) | {"PYTHONPATH": str(ROOT), "NO_PROXY": "*"}
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ivr", *command, cwd=log.parent, env=environment, stdout=file, stderr=file
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            if await process.wait() not in (0, -SIGTERM):  # a web server dies of the signal once it has shut down
                raise AssertionError(f"It did not end as it should:\n{log.read_text()}")


async def until(seen: Callable[[], Awaitable[Seen | None]], what: str) -> Seen:
    """What is seen at last."""
    try:
        async with asyncio.timeout(LONGEST):
            while not (found := await seen()):
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"In vain we waited for {what}") from None
    return found


async def address(log: Path) -> str:
    """Where a web process listens, as it says itself."""

    async def told() -> str | None:
        found = re.search(r"running on (http://[\d.:]+)", log.read_text())
        return found[1] if found else None

    return await until(told, f"an address in\n{log.read_text()}")


@dataclass
class Balancer:
    """Stands before the web processes: each webhook goes to another of them, over HTTP, as it came."""

    addresses: list[str]
    served: list[tuple[str, str]] = field(default_factory=list)
    """Which process was asked for which path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, path = await read_body(receive), scope["raw_path"].decode()
        query = "?" + scope["query_string"].decode() if scope["query_string"] else ""
        self.addresses.append(one := self.addresses.pop(0))
        async with httpx2.AsyncClient(trust_env=False, timeout=LONGEST) as client:
            answer = await client.request(
                scope["method"],
                f"{one}{path}{query}",
                content=body,
                headers=[pair for pair in scope["headers"] if pair[0] not in (b"host", b"content-length")],
            )
        self.served.append((one, path))
        kind = [(b"content-type", answer.headers["content-type"].encode())] if answer.content else []
        await send({"type": "http.response.start", "status": answer.status_code, "headers": kind})
        await send({"type": "http.response.body", "body": answer.content})

    def who(self, beginning: str) -> set[str]:
        """The processes that were asked for paths that begin so."""
        return {one for one, path in self.served if path.startswith(beginning)}
