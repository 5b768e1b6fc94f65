"""Every fault, in the order of the page."""

from torture.fault import Fault
from torture.faults import clock, content, database, machine, processes, provider

FAULTS: tuple[Fault, ...] = (
    *database.FAULTS,
    *processes.FAULTS,
    *provider.FAULTS,
    *clock.FAULTS,
    *content.FAULTS,
    *machine.FAULTS,
)
