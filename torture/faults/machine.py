"""What can happen to the memory that our processes may have."""

import resource
from contextlib import asynccontextmanager
from pathlib import Path

from torture.day import Day
from torture.fault import Fault, Injected

LEFT = 0
PAGE = resource.getpagesize()


@asynccontextmanager
async def no_memory(day: Day) -> Injected:
    """Not a page more than they have (RLIMIT_AS, by prlimit)."""
    running = [process.pid for process in (*day.webs, *day.workers)]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_AS) for pid in running}
    for pid in running:
        now = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * PAGE
        resource.prlimit(pid, resource.RLIMIT_AS, (now + LEFT, before[pid][1]))
    try:
        yield
    finally:
        for pid in running:
            if Path(f"/proc/{pid}").exists():
                resource.prlimit(pid, resource.RLIMIT_AS, before[pid])


FAULTS = (Fault("memory limit", "No process is given a page of memory more than it has (RLIMIT_AS).", no_memory),)
