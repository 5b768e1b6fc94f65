"""The machine that the benchmark runs on: its cores, its description and its load."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psutil


@dataclass(frozen=True)
class Cores:
    """The core of the servers and that of the load generator; the same one on a machine with a single core."""

    server: int
    load_generator: int

    @property
    def are_separate(self) -> bool:
        return self.server != self.load_generator


def pin_load_generator() -> Cores:
    """Pin this process, the load generator, to one core and choose another one for the servers."""
    cores = sorted(psutil.Process().cpu_affinity() or [0])
    load_generator, server = cores[0], cores[-1]
    os.sched_setaffinity(0, {load_generator})
    return Cores(server, load_generator)


def describe_machine() -> str:
    """Return processor, cores, memory, kernel and Python version in one line."""
    memory = psutil.virtual_memory().total / 1e9
    system = f"{platform.system()} {platform.release()}; Python {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; {system}"


def load_average() -> float:
    """Return the load average of the last minute."""
    return os.getloadavg()[0]


def disk_milliseconds(folder: Path, number: int = 1000) -> Iterator[float]:
    """Yield how long the disk took to store each of some small writes: a commit waits for one."""
    with (folder / "written").open("wb", buffering=0) as file:
        for _ in range(number):
            began = perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            yield (perf_counter() - began) * 1000


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - a file of the kernel
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()
