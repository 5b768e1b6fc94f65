"""What a fault is: how it is made, for how long, and what a day needs for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torture.day import Day

Injection = Callable[["Day"], AbstractAsyncContextManager[None]]
Injected = AsyncIterator[None]


class CannotBeInjected(Exception):
    """This machine does not let us do it; says why."""


def as_it_is(folder: Path) -> None:
    """Nothing of the program is changed."""


@dataclass(frozen=True)
class Fault:
    """`name` as the page has it, `says` what is done, for `seconds`; `inject` does it, and undoes it.

    A day has `webs` web processes (with the worker inside when there is no other), on PostgreSQL or, where `disk` is
    set, on SQLite in a file system of so many bytes. `wired` puts a wire that can be slow before PostgreSQL. `clock` is
    the moment, in ISO, at which the day begins by the clock of our processes. `change` is done to the program before.
    `lost_with_backup`: what was promised since the backup is gone with the database, and only counted.
    """

    name: str
    says: str
    inject: Injection
    seconds: float = 3.0
    webs: int = 2
    disk: int = 0
    wired: bool = False
    has_clock: bool = False
    clock: str = ""
    change: Callable[[Path], None] = as_it_is
    begins_with_backup: bool = False
