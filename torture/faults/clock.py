"""What can happen to the clock on the wall of our processes (inside each of them: the machine's own is left alone)."""

from contextlib import asynccontextmanager

from torture.day import Day
from torture.fault import Fault, Injected
from torture.faults.database import nothing

TWO_HOURS = 7200.0


@asynccontextmanager
async def jumps(day: Day) -> Injected:
    """Two hours ahead at first, and back when the fault is over."""
    day.clock.write_text(str(TWO_HOURS))
    try:
        yield
    finally:
        day.clock.write_text("0")


FAULTS = (
    Fault(
        "clock jumps",
        "The clock of all our processes goes two hours ahead, and back to the true time at the end.",
        jumps,
        has_clock=True,
    ),
    Fault(
        "the night an hour comes twice",
        "By the clock of our processes, 25 October 2026 at 1 in the morning comes in the middle of the calls.",
        nothing,
        clock="2026-10-25T00:59:57+00:00",
    ),
    Fault(
        "the night an hour is left out",
        "By the clock of our processes, 28 March 2027 at 1 in the morning comes in the middle of the calls.",
        nothing,
        clock="2027-03-28T00:59:57+00:00",
    ),
)
