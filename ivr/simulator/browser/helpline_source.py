"""The source of the helpline under test, as the browser telephone needs it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from ivr.errors import Problem
from ivr.simulator.browser.helpline_hours import HelplineHours
from ivr.simulator.scenarios.environment import AppFactory, PhoneNumber


@dataclass(frozen=True)
class FlowStep:
    """One step on the map: its name, its kind, and the target of each exit."""

    at: str
    kind: str
    exits: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Person:
    """Whoever is called at a number: an adviser, or somebody else."""

    name: str
    is_adviser: bool


class Desk(Protocol):
    """The adviser's desk: the staff pages of a session's helpline. `changes` counts what was done there."""

    changes: int

    async def answer(self, request: Request) -> Response:
        """Answer a request for `/desk/{session}/{role}/{path}`."""

    async def waiting(self) -> Mapping[str, int]:
        """Return how many of each kind wait for staff."""

    async def close(self) -> None:
        """Close what it has opened."""


CatchUp = Callable[[], Awaitable[None]]
"""Lets the worker see to what staff have done at the desk, and telephones ring that are to."""


@dataclass(frozen=True)
class SessionHelpline:
    """A helpline for one session, with its own database; `close` at the end of the session.

    `desk` opens its staff pages, once its process has begun; `worklist` returns one sentence for each caller who waits
    for staff; `hours` returns whether somebody would answer at a moment, and what falls due after it.
    """

    process: AppFactory
    desk: Callable[[CatchUp], Desk]
    close: Callable[[], Awaitable[None]]
    worklist: Callable[[], Awaitable[Sequence[str]]]
    hours: Callable[[datetime], Awaitable[HelplineHours]]


class HelplineSource(Protocol):
    """A helpline whose prompts and flows may change while it is tried."""

    number: PhoneNumber
    complaints: Sequence[Problem]
    """What is wrong with the prompts and flows on disk; meanwhile the last good ones are in use."""
    edition: int
    """Goes up with every change that comes into use."""

    async def look(self) -> None:
        """Read prompts and flows again if they have changed on disk."""

    def languages(self) -> Mapping[str, str]:
        """Return the name of every language by its tag, the default first."""

    def voice(self, language: str | None) -> str:
        """Return the name of the voice that callers hear in a language."""

    def flows(self) -> Mapping[str, Sequence[FlowStep]]:
        """Return every step, by flow."""

    def people(self) -> Mapping[str, Person]:
        """Return who answers, by number."""

    def opens(self, language: str | None) -> SessionHelpline:
        """Set up a helpline for one session."""

    def now(self) -> datetime:
        """Return what the time is."""

    def hours(self, at: datetime) -> HelplineHours:
        """Return whether somebody would answer at a moment in a session in which nothing has happened yet."""
