"""The source of the helpline under test, as the browser telephone needs it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from ivr.simulator.browser.helpline_hours import HelplineHours
from ivr.simulator.browser.sentences import SentenceEditor
from ivr.simulator.scenarios.environment import AppFactory, PhoneNumber
from ivr.simulator.twiml.prompts import SpokenPrompt


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

    async def change_in(self, request: Request) -> Mapping[str, object]:
        """Return what a form asks for, in words of JSON by which `repeat` does it in a session played again."""

    async def repeat(self, change: Mapping[str, object]) -> None:
        """Do once more what staff have done. Raises ActionRefused if that cannot be."""

    async def waiting(self) -> Mapping[str, int]:
        """Return how many of each kind wait for staff."""

    async def close(self) -> None:
        """Close what it has opened."""


CatchUp = Callable[[], Awaitable[None]]
"""Lets the worker see to what staff have done at the desk, and telephones ring that are to."""


@dataclass(frozen=True)
class FieldToFill:
    """Something that a call must know to begin at a step: a date, or one of the choices; "" is "not said"."""

    name: str
    label: str
    hint: str
    value: str
    choices: tuple[str, ...]
    is_date: bool


@dataclass(frozen=True)
class StepEntry:
    """What a call needs to begin at a step. If it is `refused` none can; `instead` are steps that lead there."""

    refused: str
    fields: tuple[FieldToFill, ...]
    instead: tuple[str, ...]


@dataclass(frozen=True)
class EffectTrace:
    """Something that a helpline promised or looked up before it answered, and how that ended."""

    name: str
    fields: Mapping[str, object]
    status: str


@dataclass(frozen=True)
class CallTrace:
    """What a helpline did for one webhook of a call (by its CallSid).

    `asked_at` is the step that was asked, "" for a new call, and `happened` what the caller did there, such as "pressed
    1"; `path` are the steps that the call came to, in order, and `at` the one where it now waits; `state` is the call
    state that goes with it.
    """

    call: str
    asked_at: str
    happened: str
    path: tuple[str, ...]
    at: str
    state: Mapping[str, object]
    effects: tuple[EffectTrace, ...]


@dataclass(frozen=True)
class SessionHelpline:
    """A helpline for one session, with its own database; `close` at the end of the session.

    `desk` opens its staff pages, once its process has begun; `worklist` returns one sentence for each caller who waits
    for staff; `hours` returns whether somebody would answer at a moment, and what falls due after it.
    `begin_at` has a call, by its CallSid, begin at a step with the values of that step's fields, for a caller's number;
    it raises IvrError where that cannot be. `take_traces` returns what was done for a call since it was asked last.
    """

    process: AppFactory
    desk: Callable[[CatchUp], Desk]
    close: Callable[[], Awaitable[None]]
    worklist: Callable[[], Awaitable[Sequence[str]]]
    hours: Callable[[datetime], Awaitable[HelplineHours]]
    begin_at: Callable[[str, str, Mapping[str, str], str], None]
    take_traces: Callable[[str], Sequence[CallTrace]]


@dataclass(frozen=True)
class Mistake:
    """Something that is wrong with the prompts or flows on disk: where, what mends it, and the rule it breaks.

    One that `blocks` keeps the files from coming into use; the last good ones stay in use.
    """

    file: str
    line: int
    says: str
    rule: str
    blocks: bool


class HelplineSource(Protocol):
    """A helpline whose prompts and flows may change while it is tried."""

    number: PhoneNumber
    sentences: SentenceEditor
    """Changes its words in their files."""

    @property
    def mistakes(self) -> Sequence[Mistake]:
        """What is wrong with the prompts and flows on disk, causes first."""

    @property
    def edition(self) -> int:
        """The number of changes that have come into use."""

    @property
    def in_use(self) -> Sequence[str]:
        """The files that the latest edition has changed."""

    async def look(self) -> None:
        """Read prompts and flows again if they have changed on disk."""

    def languages(self) -> Mapping[str, str]:
        """Return the name of every language by its tag, the default first."""

    def voice(self, language: str | None) -> str:
        """Return the name of the voice that callers hear in a language."""

    def pictures(self) -> Sequence[str]:
        """Return the names of all pictures: the whole helpline first, then every flow."""

    async def picture(self, name: str) -> str:
        """Return a picture as SVG, with `data-box`, `data-from` and `data-to`; raises IvrError for an unknown name."""

    def entry(self, at: str, given: Mapping[str, str], today: date, caller: str) -> StepEntry:
        """Return what a call needs to begin at a step, with the given values; raises IvrError for an unknown step."""

    def people(self) -> Mapping[str, Person]:
        """Return who answers, by number."""

    def prompt_of_text(self, body: str) -> SpokenPrompt | None:
        """Return the prompt of a text message; None for one that is of none."""

    def opens(self, language: str | None) -> SessionHelpline:
        """Set up a helpline for one session."""

    def now(self) -> datetime:
        """Return what the time is."""

    def hours(self, at: datetime) -> HelplineHours:
        """Return whether somebody would answer at a moment in a session in which nothing has happened yet."""
