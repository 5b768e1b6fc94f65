"""A telephone in somebody's hand: time passes while they listen, and what they do they do now."""

from collections.abc import Iterable

from ivr.phone.far_end import FAR_ENDS
from ivr.phone.phone import Phone
from ivr.phone.stops import HangUp, Hold, Idle, Key, LetGo, Listen, Recording, Ring, Silence, Stop, Talk
from ivr.phone.transcript import LINE

LONGEST_RING = 25.0
"""Seconds after which somebody who dialled a number themselves is told that nobody answers."""
_PATIENT = Hold | Listen | Recording | Ring | Talk | Idle
"""Where a caller can put the receiver down; everything else is over at once."""


class LivePhone(Phone):
    """Once it is `live`, the clock goes no further than it is let (`listens`); before, it plays like any other.

    `silences` counts how often the caller was asked something and did nothing.
    """

    live = False
    silences = 0

    async def listens(self, until: float) -> None:
        """Time passes until a second of the company's clock; it never goes back."""
        if isinstance(self.stop, Ring) and until > self.transcript.clock + LONGEST_RING:
            self.goes_on(FAR_ENDS["no_answer"])
        await self.company.runs(max(until, self.company.now))

    async def acts_with(self, answer: object = None, keys: Iterable[Key] = ()) -> None:
        """The caller does something, now."""
        if self.live:
            await self._comes_to_rest(answer)
        await super().acts_with(answer, keys)

    async def is_let_go(self) -> None:
        """Whoever the caller talks with puts the receiver down."""
        if isinstance(self.stop, Talk) and self.stop.bridge:
            self.stop.bridge.ends(self.company.now, self.stop.number)
            await self._plays()
        elif isinstance(self.stop, Talk):
            await self.acts_with(LetGo(self.company.now))

    async def _comes_to_rest(self, answer: object) -> None:
        while isinstance(answer, HangUp) and self.way is None and not isinstance(self.stop, _PATIENT):
            await self.company.runs(max(self.due, self.company.now))
        if isinstance(self.stop, Talk | Recording):
            self.line.passes((), max(self.company.now - self.transcript.clock, 0.0))

    async def _plays(self) -> None:
        if self.live:
            await self.company.runs(self.company.now)
        else:
            await super()._plays()

    async def _answer(self, stop: Stop) -> object:
        answer = await super()._answer(stop)
        if isinstance(stop, Listen) and not stop.begun and isinstance(answer, Silence):
            self.silences += 1
            if self.live:
                self.transcript.notes(self.transcript.ear, "stays silent", at=self.due)
        return answer

    def _talks_until(self, talk: Talk) -> float:
        """A talk in somebody's hand lasts until either end has had enough."""
        lingers = self.live and talk.lingers and not talk.bridge
        return float("inf") if lingers else super()._talks_until(talk)

    def _moment(self, phrase: str = "", *, named: bool = False, pause: float | None = None) -> float:
        return self.company.now if self.live else super()._moment(phrase, named=named, pause=pause)

    def is_lost(self, key: str) -> None:
        """Write down that a key was pressed while nothing listened."""
        self.transcript.notes(LINE, f"nothing listens for {key}: lost", at=self.company.now)
