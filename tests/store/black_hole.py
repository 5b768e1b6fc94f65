"""A TCP proxy before PostgreSQL whose network can be cut: nothing comes through any more, and nobody is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.store import postgres


class BlackHole:
    """Forwards a TCP port of this machine to the server's socket, until it is cut.

    `url` is the way through it; `swallows` is set once somebody has sent something that does not come through.
    """

    def __init__(self, database_url: str) -> None:
        self._database = database_url.partition("?")[0].rpartition("/")[2]
        self._socket = Path(postgres.start().server.get_postmaster_info().socket_path)
        self._is_whole = asyncio.Event()
        self._is_whole.set()
        self._connections: set[asyncio.Task[None]] = set()
        self.swallows = asyncio.Event()
        self.url = ""

    def cut(self) -> None:
        """Let nothing through from now on, in either direction; connections stay open."""
        self._is_whole.clear()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["BlackHole"]:
        """Listen on a free port."""
        server = await asyncio.start_server(self._begin, "127.0.0.1", 0)
        port = int(server.sockets[0].getsockname()[1])
        self.url = f"postgresql://postgres@127.0.0.1:{port}/{self._database}"
        try:
            yield self
        finally:
            server.close()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            await asyncio.sleep(0)  # what was aborted is closed in the next turn of the loop

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._connect(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            await self._is_whole.wait()
            from_database, to_database = await asyncio.open_unix_connection(self._socket)
            ends.append(to_database)
            await asyncio.gather(self._pipe(reader, to_database), self._pipe(from_database, writer))
        finally:
            for one in ends:
                one.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65536):
                if not self._is_whole.is_set():
                    self.swallows.set()
                await self._is_whole.wait()
                writer.write(chunk)
                await writer.drain()
        writer.close()
