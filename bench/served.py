"""A server in a process of its own, on a core of its own."""

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

from bench.wire import Answer, Connection

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds for a server to come up, and to go."""
Command = Callable[[int], Sequence[str]]
"""What to run, for a port."""


@dataclass
class Served:
    """A server that answers at a port of this machine; its processes are one, or a parent with its workers."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def cpu(self) -> float:
        """Seconds of work so far, its own and its system's."""
        return sum(float(sum(one.cpu_times()[:2])) for one in self._processes())

    @property
    def megabytes(self) -> float:
        """Memory that is in use at this moment."""
        return sum(int(one.memory_info().rss) for one in self._processes()) / 1e6

    def ask(self, request: bytes) -> Answer:
        """One request by itself."""
        line = Connection(self.port)
        line.ask(request)
        answer = None
        while answer is None:
            with suppress(BlockingIOError):
                answer = line.hear()
        line.close()
        return answer

    def stop(self) -> None:
        """Tell it to end, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    def _processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


@contextmanager
def served(
    command: Command, core: int | None, first: bytes, settings: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Started, and answered a first request; stopped at the end."""
    port = free_port()
    python = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}  # compiled once, as what is installed is
    environment = {**os.environ, **python, "NO_PROXY": "*", **(settings or {})}
    process = subprocess.Popen(
        [sys.executable, *command(port)], env=environment, preexec_fn=lambda: _pin(core), cwd=ROOT
    )
    there = Served(port, process)
    try:
        until_answered(there, first)
        yield there
    finally:
        if process.poll() is None:
            there.stop()


def until_answered(there: Served, request: bytes) -> None:
    """Ask until there is a good answer."""
    ended = perf_counter() + PATIENCE
    while perf_counter() < ended and there.process.poll() is None:
        with suppress(OSError):
            if there.ask(request).status == 200:
                return
        sleep(0.005)
    raise RuntimeError(f"{there.process.args!r} does not answer")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _pin(core: int | None) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})
