"""Faults of the machine: no more memory for the processes."""

import resource
from contextlib import asynccontextmanager
from pathlib import Path

from tests.chaos.run import Run
from tests.chaos.scenario import Injected, Scenario

PAGE_SIZE = resource.getpagesize()


@asynccontextmanager
async def memory_limit(run: Run) -> Injected:
    """Limit the address space of each process to its present size (prlimit)."""
    pids = [process.pid for process in (*run.webs, *run.workers)]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_AS) for pid in pids}
    for pid in pids:
        size = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * PAGE_SIZE
        resource.prlimit(pid, resource.RLIMIT_AS, (size, before[pid][1]))
    try:
        yield
    finally:
        for pid in pids:
            if Path(f"/proc/{pid}").exists():
                resource.prlimit(pid, resource.RLIMIT_AS, before[pid])


SCENARIOS = (
    Scenario("memory limit", "The address space of every process is limited to its size (RLIMIT_AS).", memory_limit),
)
