"""A wire to PostgreSQL that can be slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path


class Wire:
    """Passes on what goes over it; `delay` is in seconds, for each piece of an answer."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self.delay = 0.0
        self.port = 0
        self._ends: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        """As long as it is wanted, at a port of this machine."""
        server = await asyncio.start_server(self._connects, "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])
        try:
            yield self
        finally:
            server.close()
            for end in self._ends:
                end.close()

    async def _connects(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            back, there = await asyncio.open_unix_connection(self._socket)
            self._ends |= {writer, there}
            await asyncio.gather(self._passes(reader, there, slowly=False), self._passes(back, writer, slowly=True))

    async def _passes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slowly: bool) -> None:
        with suppress(OSError):
            while piece := await reader.read(65536):
                if slowly and self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(piece)
                await writer.drain()
        writer.close()
        self._ends.discard(writer)
