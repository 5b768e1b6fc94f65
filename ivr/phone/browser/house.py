"""What the telephone in the browser must be told of the helpline that is tried with it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.errors import Problem
from ivr.phone.stage import Number, Process, Stage


@dataclass(frozen=True)
class Box:
    """One step on the map: its name, its kind, and by which exits it leads where."""

    at: str
    kind: str
    exits: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Somebody:
    """Whoever can be rung at a number: an adviser of ours, or somebody else."""

    name: str
    is_adviser: bool


@dataclass(frozen=True)
class Opened:
    """A helpline for one trial, on a database of its own; `close` when the trial is over."""

    process: Callable[[Stage], Process]
    close: Callable[[], Awaitable[None]]


class House(Protocol):
    """A helpline whose words and flows may change while it is tried."""

    number: Number
    complaints: Sequence[Problem]
    """What is wrong with the words and flows as they are on disk: meanwhile the last good ones are in use."""
    edition: int
    """Goes up with every change that is in use."""

    async def look(self) -> None:
        """See whether words or flows have changed on disk."""

    def languages(self) -> Mapping[str, str]:
        """The name of every language by its tag, the one spoken first."""

    def flows(self) -> Mapping[str, Sequence[Box]]:
        """Every step, by flow."""

    def people(self) -> Mapping[str, Somebody]:
        """Who answers at which number."""

    def opens(self, language: str | None) -> Opened:
        """Set up for one trial."""

    def now(self) -> datetime:
        """When a trial begins if nobody says so."""
