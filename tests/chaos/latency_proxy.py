"""A TCP proxy before PostgreSQL that can add latency; a process of its own, so that callers do not slow it down."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Self

START_TIMEOUT = 20.0


class LatencyProxy:
    """Forwards a local TCP port to a Unix socket, with a delay in seconds before each chunk that comes back."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._processes = get_context("spawn")
        self._delay: Synchronized[float] = self._processes.Value("d", 0.0)
        self.port = 0

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Start the proxy on a free port, and kill it on exit."""
        receiver, sender = self._processes.Pipe()
        process = self._processes.Process(target=_run, args=(self._socket, self._delay, sender), daemon=True)
        process.start()
        try:
            if not receiver.poll(START_TIMEOUT):
                raise AssertionError("the latency proxy does not listen")
            self.port = receiver.recv()
            yield self
        finally:
            process.kill()
            process.join()

    def set_delay(self, seconds: float) -> None:
        """Delay each chunk from PostgreSQL by this many seconds from now on."""
        self._delay.value = seconds


def _run(socket: Path, delay: "Synchronized[float]", port_sender: Connection) -> None:
    asyncio.run(_serve(socket, delay, port_sender))


async def _serve(socket: Path, delay: "Synchronized[float]", port_sender: Connection) -> None:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            from_database, to_database = await asyncio.open_unix_connection(socket)
            await asyncio.gather(_pipe(reader, to_database, None), _pipe(from_database, writer, delay))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    port_sender.send(int(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


async def _pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: "Synchronized[float] | None"
) -> None:
    with suppress(OSError):
        while chunk := await reader.read(65536):
            if delay and delay.value:
                await asyncio.sleep(delay.value)
            writer.write(chunk)
            await writer.drain()
    writer.close()
