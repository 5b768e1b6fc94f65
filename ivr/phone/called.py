"""A call that the app had placed through the office: rings somebody, and plays the app's documents to them."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from ivr.phone.exchange import Exchange, Webhook
from ivr.phone.far_end import FAR_ENDS, FarEnd
from ivr.phone.leg import Leg
from ivr.phone.line import Line
from ivr.phone.office_call import Placed
from ivr.phone.party import Party
from ivr.phone.speech import silence
from ivr.phone.stops import Ended, HangUp, Hold, Key, Listen, Ring, Silence, Stop, Way
from ivr.phone.transcript import LINE, Transcript

if TYPE_CHECKING:
    from ivr.phone.company import Company


REFUSALS = {"busy", "no-answer", "failed"}


class Called(Party):
    """One placed call; `far_end` is who was called, once that is decided."""

    def __init__(self, company: "Company", exchange: Exchange, placed: Placed, tape: Transcript) -> None:
        leg = Leg(placed.sender, placed.to, sid=placed.sid, placed=True)
        line = Line(leg, tape, placed.url, failures=company.failures)
        super().__init__(company, exchange, line)
        self.placed = placed
        self.far_end: FarEnd | None = None
        self._began = tape.clock
        self._play = self._plays()

    def begins(self) -> None:
        """Begin to ring."""
        self.goes_on(None)

    @property
    def undecided(self) -> Ring | None:
        """What rings while nobody said what becomes of it."""
        ring = self.stop if isinstance(self.stop, Ring) else None
        return ring if ring and self.company.directory.far_end(ring.number) is None else None

    @property
    def talker(self) -> FarEnd:
        """Whoever picked up."""
        return self.far_end or FAR_ENDS["no_answer"]

    @property
    def due(self) -> float:
        """The second at which it is answered, or somebody at the other end has done something."""
        clock = self.line.tape.clock
        if self.undecided:
            return clock + self.placed.timeout
        if isinstance(self.stop, Listen):
            answer = self._response(self.stop)
            return super().due if isinstance(answer, Silence) else answer.at
        return super().due

    def decided(self, far_end: FarEnd) -> None:
        """It rings on from now as this one does."""
        self.line.passes((), self.company.now - self.line.tape.clock)
        self.goes_on(far_end)

    def _plays(self) -> Generator[Stop, Any, Way]:
        way, status = Way.GONE, "canceled"
        try:
            status = yield from self._rings()
            if status == "in-progress":
                self._becomes(status)
                status = "completed"
                way = yield from self.line.plays(self.line.asks(self.placed.url, self.placed.method))
        except Ended:
            self._notes("is rung no more" if status == "canceled" else "is cut off")
        self._becomes(status)
        return way

    def _rings(self) -> Generator[Stop, Any, str]:
        """The status it came to."""
        if self.placed.has_ended:
            return "canceled"
        self._becomes("initiated")
        self._becomes("ringing")
        far_end: FarEnd = yield Ring(self.placed.to, self.placed.sender)
        self.far_end = far_end
        left = self._began + self.placed.timeout - self.line.tape.clock
        rings = min(far_end.rings, left)
        yield Hold((silence(rings),))
        self.line.passes((), rings)
        if far_end.rings > left or far_end.refused:
            return "no-answer" if far_end.rings > left else far_end.refused
        self._notes("answers")
        if far_end.greeting:
            self.line.tape.notes(self.placed.to, far_end.greeting)
        return "in-progress"

    def _notes(self, what: str) -> None:
        self.line.tape.notes(LINE, f"{self.placed.to} {what}")

    def _becomes(self, status: str) -> None:
        """Go on to a status, and tell it to whoever wants to know."""
        at = self.line.tape.clock
        self.placed.becomes(status, at)
        if status in REFUSALS:
            self._notes(status)
        if self.placed.wants_news_of(status):
            office = self.company.office
            form = self.placed.news(status, office.account, office.clock())
            self.company.news.tells(Webhook(self.placed.callback_method, self.placed.status_callback, form), at)

    async def _answer(self, stop: Stop) -> object:
        if not isinstance(stop, Listen):
            return await super()._answer(stop)
        answer = self._response(stop)
        if isinstance(answer, Key):
            self.line.tape.notes(self.placed.to, f"presses {answer.key}", at=answer.at)
        return answer

    def _response(self, listen: Listen) -> Key | Silence | HangUp:
        return self.talker.hears(listen, self.line.tape.clock)
