"""Runs a server as a process that is pinned to a core, and measures its CPU time and memory."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

import psutil

from tests.bench.http_connection import HttpConnection, HttpResponse

ROOT = Path(__file__).parents[2]
TIMEOUT = 60.0
"""Seconds for a server to start, and to stop."""
Command = Callable[[int], Sequence[str]]
"""Returns the arguments of Python for a port."""


@dataclass
class ServerProcess:
    """A server on a port of this machine, with its child processes."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def cpu_seconds(self) -> float:
        """The user and system CPU time so far."""
        return sum(float(sum(one.cpu_times()[:2])) for one in self._processes())

    @property
    def megabytes(self) -> float:
        """The resident memory now."""
        return sum(int(one.memory_info().rss) for one in self._processes()) / 1e6

    def request(self, request: bytes) -> HttpResponse:
        """Send one request on a new connection and wait for the response."""
        connection = HttpConnection(self.port)
        connection.send(request)
        response = None
        while response is None:
            with suppress(BlockingIOError):
                response = connection.receive()
        connection.close()
        return response

    def wait_until_ready(self, request: bytes) -> None:
        """Repeat a request until it is answered with status 200."""
        deadline = perf_counter() + TIMEOUT
        while perf_counter() < deadline and self.process.poll() is None:
            with suppress(OSError):
                if self.request(request).status == 200:
                    return
            sleep(0.005)
        raise RuntimeError(f"{self.process.args!r} does not answer")

    def stop(self) -> None:
        """Send SIGTERM and wait for the exit."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(TIMEOUT)

    def _processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


@contextmanager
def running_server(
    command: Command, core: int | None, first: bytes, settings: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """Start a server on a core, or on all, wait until it has answered a first request, and stop it on exit."""
    port = free_port()
    cores = range(os.cpu_count() or 1) if core is None else {core}
    python = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}  # installed packages have bytecode files, too
    environment = {**os.environ, **python, "NO_PROXY": "*", **(settings or {})}
    process = subprocess.Popen(
        [sys.executable, *command(port)], env=environment, preexec_fn=lambda: os.sched_setaffinity(0, cores), cwd=ROOT
    )
    server = ServerProcess(port, process)
    try:
        server.wait_until_ready(first)
        yield server
    finally:
        if process.poll() is None:
            server.stop()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])
