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
    """`name` and `description` are printed on the page; the fault lasts `seconds`.

    The deployment has `webs` web processes and a worker on PostgreSQL or, when `disk` is set, one web process with the
    worker inside on SQLite in a file system of that many bytes. `has_latency_proxy` puts a LatencyProxy before
    PostgreSQL; `has_clock` lets the fault set the processes' clock; `clock` is the time, in ISO format, that their
    clock shows when calls begin; `patch` changes the copy of the program before it starts; `restores_backup` takes a
    backup before the calls begin, so that what is promised after it may get lost.
    """

    name: str
    description: str
    fault: Fault
    seconds: float = 3.0
    webs: int = 2
    disk: int = 0
    has_latency_proxy: bool = False
    has_clock: bool = False
    clock: str = ""
    patch: Callable[[Path], None] = unchanged
    restores_backup: bool = False
