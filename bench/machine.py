"""The machine that is measured on: which core serves, which one asks, and what it is."""

import os
import platform
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Cores:
    """The core of the servers, and that of the load; the same, where there is one only."""

    server: int
    load: int

    @property
    def are_apart(self) -> bool:
        return self.server != self.load


def pinned() -> Cores:
    """Keep this process, which makes the load, to one core; servers get another."""
    cores = sorted(psutil.Process().cpu_affinity() or [0])
    load, server = cores[0], cores[-1]
    os.sched_setaffinity(0, {load})
    return Cores(server, load)


def described() -> str:
    """In a line."""
    memory = psutil.virtual_memory().total / 1e9
    system = f"{platform.system()} {platform.release()}; Python {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; {system}"


def busy() -> float:
    """How many processes want to run, on the average of the last minute."""
    return os.getloadavg()[0]


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as told:  # noqa: PTH123 - not a file of anybody's
            return next(line.partition(":")[2].strip() for line in told if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()
