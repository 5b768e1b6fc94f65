"""Every scenario, in the order of the page."""

from tests.chaos.faults import clock, content, database, machine, minutes, processes, provider
from tests.chaos.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    *database.SCENARIOS,
    *processes.SCENARIOS,
    *provider.SCENARIOS,
    *clock.SCENARIOS,
    *content.SCENARIOS,
    *machine.SCENARIOS,
    *minutes.SCENARIOS,
)
