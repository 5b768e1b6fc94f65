"""One end of one call: its play, the stop where that waits, and when it goes on if nobody does anything."""

from collections.abc import Callable, Generator
from math import inf
from typing import TYPE_CHECKING, Any

from ivr.phone.failure import HTTP_FAILURE, ApplicationFailure
from ivr.phone.far_end import FAR_ENDS, FarEnd
from ivr.phone.line import Line
from ivr.phone.speech import seconds_of
from ivr.phone.stops import (
    Ask,
    Hold,
    Idle,
    Join,
    Joined,
    Keep,
    Listen,
    Load,
    Recording,
    Ring,
    Silence,
    Stop,
    Take,
    Talk,
    Way,
)
from ivr.phone.transcript import LINE
from ivr.phone.verbs import Document

if TYPE_CHECKING:
    from ivr.phone.company import Company
    from ivr.phone.exchange import Exchange

MOST_DOCUMENTS = 200
"""Documents in one go, without anybody being able to do anything: more is a call that goes round in circles."""


class Party:
    """A line with its play. `way` is how it ended."""

    def __init__(self, company: "Company", exchange: "Exchange", line: Line) -> None:
        self.company, self.exchange, self.line = company, exchange, line
        self.stop: Stop | None = None
        self.way: Way | None = None
        self._play: Generator[Stop, Any, Way]
        self._in_one_go = 0

    @property
    def rank(self) -> int:
        """Which of several that go on at the same second comes first: between news and news."""
        return 1

    @property
    def talker(self) -> FarEnd:
        """How somebody at this end behaves who talks with another."""
        return FAR_ENDS["accepts"]

    @property
    def due(self) -> float:
        """The second at which it goes on, if nobody does anything before."""
        now = self.line.tape.clock
        match self.stop:
            case Hold(sounds):
                return now + seconds_of(sounds)
            case Listen():
                return now + seconds_of(self.stop.sounds) + self.stop.timeout
            case Recording(timeout):
                return now + timeout
            case Talk():
                return self._talks_until(self.stop)
            case Take():
                return self.company.queues.due(self.stop, now)
            case Joined(bridge):
                return bridge.over
            case Ring(number) if self.company.directory.far_end(number) is None:
                return inf
        return now if self.stop else inf

    async def acts(self) -> None:
        """Go on from the stop, as nobody did anything else."""
        if (stop := self.stop) is not None:
            answer = await self._answer(stop)
            if self.stop is stop:  # nobody has interrupted it meanwhile
                self.goes_on(answer)

    def goes_on(self, answer: object) -> None:
        """Tell the play the answer to where it stopped."""
        self._moves(lambda: self._play.send(answer))

    def interrupts(self, why: Exception) -> None:
        """Break off what it is doing, now."""
        sounds = self.stop.sounds if isinstance(self.stop, Hold | Listen) else ()
        self.line.passes(sounds, max(self.company.now - self.line.tape.clock, 0.0))
        self._moves(lambda: self._play.throw(why))

    def _moves(self, step: Callable[[], Stop]) -> None:
        try:
            self.stop = step()
        except StopIteration as end:
            self.stop, self.way = None, end.value
            self._ends(end.value)
        else:
            self._reaches(self.stop)

    def _reaches(self, stop: Stop) -> None:
        if isinstance(stop, Ring):
            self.company.directory.dialled.append(stop)
            self.line.tape.notes(LINE, f"rings {stop.number}, showing {stop.shown or 'no number'}")

    def _ends(self, way: Way) -> None:
        self.company.leaves(self)

    def _talks_until(self, talk: Talk) -> float:
        return talk.bridge.over if talk.bridge else self.line.tape.clock + talk.seconds

    async def _answer(self, stop: Stop) -> object:
        match stop:
            case Ask():
                return await self._document(stop)
            case Load(url):
                return await self._sound(url)
            case Keep():
                return self.company.keeps(stop, self.line)
            case Ring(number):
                return self.company.directory.far_end(number) or FAR_ENDS["no_answer"]
            case Join():
                return self.company.queues.joins(stop, self)
            case Take():
                return self.company.queues.takes(stop, self)
            case Listen() | Recording() | Idle():
                self._in_one_go = 0
        return Silence()

    async def _document(self, ask: Ask) -> Document | ApplicationFailure:
        self._in_one_go += 1
        if self._in_one_go > MOST_DOCUMENTS:
            return ApplicationFailure(HTTP_FAILURE, ask.url, "The documents lead round in circles.")
        try:
            return await self.exchange.document(ask)
        except ApplicationFailure as failure:
            return failure

    async def _sound(self, url: str) -> float | ApplicationFailure:
        try:
            return await self.exchange.sound(url)
        except ApplicationFailure as failure:
            return failure
