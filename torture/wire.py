"""A wire to PostgreSQL that can be slow, in a process of its own: what goes on in the town does not hold it up."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

LONGEST_START = 20.0


class Wire:
    """Passes on what goes over it; `delay` is in seconds, for each piece of an answer."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._processes = get_context("spawn")
        self._delay: Synchronized[float] = self._processes.Value("d", 0.0)
        self.port = 0

    @contextmanager
    def laid(self) -> Iterator["Wire"]:
        """As long as it is wanted, at a port of this machine."""
        here, there = self._processes.Pipe()
        process = self._processes.Process(target=_passes, args=(self._socket, self._delay, there), daemon=True)
        process.start()
        try:
            if not here.poll(LONGEST_START):
                raise AssertionError("the wire to the database is not there")
            self.port = here.recv()
            yield self
        finally:
            process.kill()
            process.join()

    def is_slow(self, delay: float) -> None:
        """From now on each piece of an answer comes so late."""
        self._delay.value = delay


def _passes(socket: Path, delay: "Synchronized[float]", owner: Connection) -> None:
    asyncio.run(_serves(socket, delay, owner))


async def _serves(socket: Path, delay: "Synchronized[float]", owner: Connection) -> None:
    async def connects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            back, there = await asyncio.open_unix_connection(socket)
            await asyncio.gather(_pumps(reader, there, None), _pumps(back, writer, delay))

    server = await asyncio.start_server(connects, "127.0.0.1", 0)
    owner.send(int(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


async def _pumps(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: "Synchronized[float] | None"
) -> None:
    with suppress(OSError):
        while piece := await reader.read(65536):
            if delay and delay.value:
                await asyncio.sleep(delay.value)
            writer.write(piece)
            await writer.drain()
    writer.close()
