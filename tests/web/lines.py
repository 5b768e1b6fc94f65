"""A server of ours on a port of this machine, and lines to it that are written and read by the byte."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from socket import socket

import uvicorn
from starlette.types import ASGIApp

from ivr.simulator.twilio_api.server import QuietServer
from ivr.web.connections import Line, WaitingLines

GET = b"GET /health/live HTTP/1.1\r\nHost: helpline.example\r\n\r\n"


@dataclass
class OpenLine:
    """One line, from the side of whoever opened it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def sends(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def asks(self, request: bytes = GET) -> int:
        """Send a whole request; return the status of the response, whose body is read too."""
        await self.sends(request)
        return await self.status()

    async def status(self) -> int:
        """Return the status of the next response."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await self.reader.readexactly(int(length))
        return int(head[9:12])

    async def is_closed(self) -> bool:
        """Wait until the other side says something or closes the line; return whether it closed it without a word."""
        try:
            return await self.reader.read(1) == b""
        except ConnectionError:
            return True


@dataclass
class Served:
    """A server, and the lines that were opened to it."""

    port: int
    stack: AsyncExitStack

    async def line(self) -> OpenLine:
        line = OpenLine(*await asyncio.open_connection("127.0.0.1", self.port))
        self.stack.callback(line.writer.close)
        return line

    async def lines(self, number: int) -> Sequence[OpenLine]:
        return [await self.line() for _ in range(number)]


@asynccontextmanager
async def served(app: ASGIApp, most: int = 100, timeout: float = 5.0) -> AsyncIterator[Served]:
    """Serve an application as `ivr serve` does, with so many lines, in so many seconds."""
    config = uvicorn.Config(
        app,
        http=partial(Line, WaitingLines(most, timeout)),  # type: ignore[arg-type]
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
    )
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = QuietServer(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0)
        async with AsyncExitStack() as stack:
            yield Served(listening.getsockname()[1], stack)
        server.should_exit = True
        await serving
