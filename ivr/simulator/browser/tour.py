"""The tour: kept calls that are played to whoever only wants to look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ivr.errors import IvrError
from ivr.simulator.browser.helpline_source import HelplineSource
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.browser.session import WORKER, Session
from ivr.simulator.browser.tour_guide import TimedAction, TourGuide
from ivr.simulator.browser.view import view
from ivr.simulator.scenarios.reader import read_scenario
from ivr.simulator.scenarios.scenario import Scenario
from ivr.simulator.transcript import Entry

NO_SCRIPTS = "There is no tour of this helpline: it is played from the calls in tests/calls/tour, and there are none."
NONE_PLAYS = "There is no tour of this helpline: none of the calls that it could play goes as it is written."
SHOWN = ("call", "telephones", "texts", "ended")
"""What of a view is kept at each moment; its lines are kept once."""


@dataclass(frozen=True)
class Frame:
    """How everything stood from a second of the simulated clock on."""

    at: float
    clock: str
    state: Mapping[str, Any]


@dataclass(frozen=True)
class TourCall:
    """One call of the tour as it went.

    `found` is what staff find afterwards; `entries` have the sounds of the lines.
    """

    scenario: Scenario
    actions: Sequence[TimedAction]
    frames: Sequence[Frame]
    lines: Sequence[Mapping[str, Any]]
    entries: Sequence[Entry]
    found: Sequence[str]


class Tour:
    """The scenarios of a folder, in the order of their names.

    If they were not made for this helpline, those are left out that go otherwise in it.
    """

    def __init__(self, source: HelplineSource, folder: Path | None, *, is_own: bool) -> None:
        self._source, self._folder, self._is_own = source, folder, is_own
        self._calls: dict[tuple[str, int], TourCall] = {}

    @property
    def names(self) -> list[str]:
        """The names of all calls, in order."""
        return sorted(path.stem for path in self._folder.glob("*.yaml")) if self._folder else []

    async def scripts(self) -> Mapping[str, Scenario]:
        """Return what can be played, by name."""
        found = {name: self._read(name) for name in self.names}
        return found if self._is_own else {name: one for name, one in found.items() if await self._plays(name)}

    async def why_none(self) -> str:
        """Return why there is nothing to play; nothing if there is."""
        if await self.scripts():
            return ""
        return NONE_PLAYS if self.names else NO_SCRIPTS

    async def call(self, name: str) -> TourCall:
        """Return a call as it goes now. Raises ActionRefused for one that goes otherwise, or is not there."""
        if (key := (name, self._source.edition)) not in self._calls:
            self._calls[key] = await self._play(name)
        return self._calls[key]

    def session(self, name: str) -> Session:
        """Return a session in which a call of the tour can be made. Raises ActionRefused."""
        return Session(self._source, self._read(name))

    async def _plays(self, name: str) -> bool:
        try:
            await self.call(name)
        except ActionRefused:
            return False
        return True

    def _read(self, name: str) -> Scenario:
        """Return a scenario in which there is always a worker, who sends the texts."""
        if self._folder is None or name not in self.names:
            raise ActionRefused("There is no call of that name in the tour.")
        scenario = read_scenario(self._folder / f"{name}.yaml")
        return replace(scenario, rota=scenario.rota or WORKER, file="")

    async def _play(self, name: str) -> TourCall:
        session = self.session(name)
        frames: list[Frame] = []
        try:
            guide = TourGuide(session, lambda session: _look(session, frames))
            await guide.play()
            found, lines = await session.worklist(), view(session)["lines"]
        except (AssertionError, IvrError) as otherwise:
            says = str(otherwise).partition("\n")[0]
            title = session.player.scenario.title
            raise ActionRefused(f"“{title}” cannot be played, as the call goes otherwise now: {says}") from None
        finally:
            await session.close()
        return TourCall(session.player.scenario, guide.actions, frames, lines, session.phone.carrier.entries, found)


def _look(session: Session, frames: list[Frame]) -> None:
    """Add a frame if anything has changed."""
    seen = view(session)
    state = {name: seen[name] for name in SHOWN}
    if not frames or frames[-1].state != state:
        frames.append(Frame(seen["now"], seen["clock"], state))
