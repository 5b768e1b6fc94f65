"""A chaos scenario: the fault, how long it lasts, and the deployment that it is injected into."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.chaos.run import Run

Fault = Callable[["Run"], AbstractAsyncContextManager[None]]
"""Injects a fault into a run on entry, and removes it on exit."""
Injected = AsyncIterator[None]


class FaultNotSupported(Exception):
    """This machine does not allow the fault; the message says why."""


def unchanged(program: Path) -> None:
    """Leave the program as it is."""


@dataclass(frozen=True)
class Scenario:
    """`name` and `description` are printed on the page; the fault lasts `seconds`, or `minutes` on a moved clock.

    The deployment has `webs` web processes and a worker on PostgreSQL or, if it `is_sqlite`, one web process with the
    worker inside on SQLite; when `disk` is set, in a file system of that many bytes. `has_latency_proxy` puts a
    LatencyProxy before PostgreSQL; `clock` is the time, in ISO format, that the processes' clock shows when calls
    begin; `patch` changes the copy of the program before it starts; `restores_backup` takes a backup before the calls
    begin. The helpline is always open, or is so for `closes_after` minutes. `settles` is how many minutes pass at the
    end, until all that waits by the clock is over.
    """

    name: str
    description: str
    fault: Fault
    seconds: float = 3.0
    minutes: int = 0
    settles: int = 30
    closes_after: int = 0
    webs: int = 2
    is_sqlite: bool = False
    disk: int = 0
    has_latency_proxy: bool = False
    clock: str = ""
    patch: Callable[[Path], None] = unchanged
    restores_backup: bool = False

    @property
    def duration(self) -> str:
        """How long the fault lasts, in words."""
        return f"{self.minutes} minutes" if self.minutes else f"{self.seconds:.0f} s"
