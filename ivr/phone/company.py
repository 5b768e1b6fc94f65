"""The telephone company: everybody who is on the line, on one clock that only their doings move.

Each end of each call goes on at its own second. Whoever is next goes first, and nothing is asked of the app before all
that came earlier; so calls meet here as they would in life.
"""

from asyncio import gather
from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING, Protocol

from ivr.phone.called import Called
from ivr.phone.clock import Clock
from ivr.phone.directory import Directory
from ivr.phone.exchange import Exchange
from ivr.phone.failure import ApplicationFailure
from ivr.phone.line import Line
from ivr.phone.news import News
from ivr.phone.office import Office
from ivr.phone.office_recording import Recording
from ivr.phone.party import Party
from ivr.phone.queues import Queues
from ivr.phone.rounds import Meanwhile, Rounds
from ivr.phone.stops import Ask, Ended, Joined, Keep, Talk
from ivr.phone.transcript import LINE, Entry, Transcript

if TYPE_CHECKING:
    from ivr.phone.call import Call

AN_HOUR = 3600.0
"""The longest that anything goes on after the last caller has gone."""


A_MOMENT = 1e-6
"""Seconds. An end's own second is a sum, and may be a last binary digit later than the moment it was added up to."""


class Due(Protocol):
    """What goes on at a second; of several at the same one, that of the lowest rank first."""

    @property
    def due(self) -> float:
        """The second."""

    @property
    def rank(self) -> int:
        """The rank."""

    async def acts(self) -> None:
        """Go on."""


class Company:
    """Connects callers with whom the app has rung through the `office`, and posts the app the news of it.

    It moves the `clock`. With `at_once`, webhooks of the same second go out together, and the app decides who is
    first. `meanwhile` is let work as time passes.
    """

    def __init__(
        self, exchange: Exchange, office: Office, directory: Directory, clock: Clock, meanwhile: Meanwhile | None
    ) -> None:
        self.exchange, self.office, self.directory = exchange, office, directory
        self._clock = clock
        self.at_once = False
        self.entries: list[Entry] = []
        self.failures: list[ApplicationFailure] = []
        self.parties: list[Party] = []
        self.news = News(exchange, self.failures)
        self.queues = Queues(self)
        self.rounds = Rounds(self, meanwhile)

    @property
    def now(self) -> float:
        """Seconds since the company began."""
        return self._clock.seconds

    @property
    def called(self) -> list[Called]:
        """The calls that the office was asked for and that are not over."""
        return [party for party in self.parties if isinstance(party, Called)]

    @property
    def is_busy(self) -> bool:
        """Whether anybody waits in a queue, or is called and does not talk yet."""
        called = any(not isinstance(called.stop, Joined | Talk) for called in self.called)
        return called or any(queue.places for queue in self.office.queues)

    async def runs_for(self, call: "Call") -> None:
        """Go on until it is for a caller to decide something, or a telephone rings of which nobody said what becomes.

        Whatever else goes on at that very second is done too.
        """
        while coming := self._next(call if call.decides else None):
            if coming.due > self.now and call.is_wanted:
                return
            await self._lets(coming, call if call.decides else None)

    async def runs(self, until: float, besides: Party | None = None) -> None:
        """Go on until a second, with one end left alone."""
        while (coming := self._next(besides)) and coming.due <= until + A_MOMENT:
            await self._lets(coming, besides)
        self._reaches(until)

    async def winds_up(self) -> None:
        """A caller has gone: when it was the last, whatever they left behind comes to its end."""
        last = not any(not isinstance(party, Called) for party in self.parties)
        limit = self.now + (AN_HOUR if last else 0.0)
        while (coming := self._next()) and coming.due <= limit:
            await self._lets(coming)

    def keeps(self, keep: Keep, line: Line) -> Recording:
        """A recording for the office to keep."""
        recording = self.office.keeps(line.leg.sid, keep.words, keep.seconds)
        self.news.recorded(recording, keep, line.tape.clock)
        return recording

    def leaves(self, party: Party) -> None:
        """One end is off the line."""
        self.parties.remove(party)
        self.rounds.is_wanted = True
        if not isinstance(party, Called):
            self.office.others.add(f"Calls/{party.line.leg.sid}")

    def _next(self, besides: Party | None = None) -> Due | None:
        """Who goes on next."""
        self._picks_up()
        self._cuts_off()
        ready = [one for one in self._coming(besides) if one.due < inf]
        return min(ready, key=lambda one: (one.due, one.rank), default=None)

    def _coming(self, besides: Party | None) -> Iterator[Due]:
        yield from self.news.waiting
        yield from (party for party in self.parties if party is not besides and party.stop)
        if self.rounds.is_due:
            yield self.rounds

    async def _lets(self, coming: Due, besides: Party | None = None) -> None:
        self._reaches(coming.due)
        if isinstance(coming, Party) and isinstance(coming.stop, Ask) and self.rounds.is_late:
            await self.rounds.acts()
            return
        if not self.at_once:
            await coming.acts()
            return
        moment = coming.due, coming.rank
        await gather(*[one.acts() for one in self._coming(besides) if (one.due, one.rank) == moment])

    def _reaches(self, second: float) -> None:
        self._clock.seconds = max(self.now, second)

    def _picks_up(self) -> None:
        """Ring whom the office was asked to ring."""
        for placed in self.office.calls:
            if not placed.is_picked_up:
                placed.is_picked_up = True
                tape = Transcript(placed.to, self.entries, self.now)
                self.parties.append(called := Called(self, self.exchange.another(), placed, tape))
                called.begins()

    def _cuts_off(self) -> None:
        """End what the office was asked to end."""
        for called in self.called:
            if called.placed.has_ended and called.stop:
                if isinstance(called.stop, Joined):
                    called.stop.bridge.ends(self.now, LINE)
                called.interrupts(Ended())
