"""Faults of the wall clock, injected into each process: the machine's own clock is not changed."""

from contextlib import asynccontextmanager
from datetime import timedelta

from tests.chaos.faults.database import no_fault
from tests.chaos.run import Run
from tests.chaos.scenario import Injected, Scenario

TWO_HOURS = timedelta(hours=2)


@asynccontextmanager
async def two_hours_ahead(run: Run) -> Injected:
    """Set the clock two hours ahead, and back on exit."""
    run.clock.set_wrong(TWO_HOURS)
    try:
        yield
    finally:
        run.clock.set_wrong(timedelta())


SCENARIOS = (
    Scenario(
        "clock jumps",
        "The wall clock of all processes is set two hours ahead, and set right again at the end.",
        two_hours_ahead,
    ),
    Scenario(
        "clocks go back",
        "The wall clock of all processes reaches 25 October 2026, 02:00 BST, the end of summer time, during the calls.",
        no_fault,
        clock="2026-10-25T00:59:57+00:00",
    ),
    Scenario(
        "clocks go forward",
        "The wall clock of all processes reaches 28 March 2027, 01:00 GMT, the start of summer time, during the calls.",
        no_fault,
        clock="2027-03-28T00:59:57+00:00",
    ),
)
