"""The caller's end of a call: answers for everybody else, and stops where only the caller can decide."""

from collections import deque
from collections.abc import Iterable

from ivr.phone.company import Company
from ivr.phone.exchange import Exchange, Webhook
from ivr.phone.far_end import FAR_ENDS
from ivr.phone.leg import Leg
from ivr.phone.line import Line
from ivr.phone.party import Party
from ivr.phone.speech import seconds_of
from ivr.phone.stops import HangUp, Idle, Key, Listen, Recording, Ring, Stop, Talk, Way
from ivr.phone.transcript import LINE, Transcript
from ivr.phone.twiml import read

_ENDINGS = {
    Way.RAN_OUT: "nothing is left to play: the call ends",
    Way.HUNG_UP: "the helpline hangs up",
    Way.FAILED: "the telephone company hangs up",
}


class Call(Party):
    """A call from pick-up to the end: `stop` is what the caller has to decide, `way` how it ended.

    `failures` has every time the app failed, in the caller's ear or another's. `requests` are the webhooks sent,
    `documents` the answers.
    """

    def __init__(
        self,
        company: Company,
        exchange: Exchange,
        leg: Leg,
        transcript: Transcript,
        fallback: str | None,
        status_callback: str | None,
    ) -> None:
        self.transcript = transcript
        self.requests, self.documents = exchange.requests, exchange.documents
        voice = f"{exchange.public_url}/voice"
        line = Line(leg, transcript, voice, None if fallback is None else read(fallback), company.failures)
        super().__init__(company, exchange, line)
        self.failures = company.failures
        self.began = 0.0
        self._play = line.plays(line.asks(voice, "POST"))
        self._keys: deque[Key] = deque()
        self._status_callback = status_callback
        self._patient: Stop | None = None
        self._noticed: set[Ring] = set()

    @property
    def due(self) -> float:
        """The second at which the caller has pressed the next key, or has been silent for long enough."""
        if isinstance(self.stop, Listen) and (key := self._coming(self.stop)):
            return key.at
        return super().due

    @property
    def decides(self) -> bool:
        """Whether it is for the caller to say how it goes on."""
        if self.stop is self._patient:
            return False
        match self.stop:
            case Listen():
                return not (self._keys or self.stop.begun)
            case Ring(number):
                return self.company.directory.far_end(number) is None
            case Talk():
                return self.stop.lingers
        return isinstance(self.stop, Recording | Idle)

    async def dialled_in(self) -> None:
        """Begin, now."""
        self.began = self.transcript.clock = self.company.now
        self.transcript.notes(self.transcript.ear, "dials")
        self.transcript.turns()
        self.company.parties.append(self)
        self.goes_on(None)
        await self._plays()

    async def acts_with(self, answer: object = None, keys: Iterable[Key] = ()) -> None:
        """The caller does something: answers the stop, or presses keys each at its own second."""
        self._in_one_go, self._patient = 0, None
        self._keys.extend(keys)
        self._loses_keys()
        if answer is None and not self._keys:
            return
        if isinstance(answer, HangUp | Key):
            await self.company.runs(answer.at, besides=self)
        if isinstance(self.stop, Ring):  # it has rung all the while that others did something
            self.line.passes((), self.company.now - self.transcript.clock)
        self.transcript.turns()
        if answer is not None and self.way is None:
            self.goes_on(answer)
        await self._plays()
        self._keys.clear()

    async def stays_silent(self) -> None:
        """Let the time of the stop run out: a number that rings is not answered."""
        self._in_one_go, self._patient = 0, self.stop
        if isinstance(self.stop, Ring):
            self.goes_on(FAR_ENDS["no_answer"])
        await self._plays()

    async def goes_on_waiting(self) -> None:
        """As before: the caller did nothing."""
        await self._plays()

    async def _plays(self) -> None:
        await self.company.runs_for(self)
        self._noticed |= self._undecided()
        if self.way is not None:
            await self.company.winds_up()

    @property
    def is_wanted(self) -> bool:
        """Whether there is something to decide, or nothing any more."""
        return self.way is not None or self.decides or bool(self._undecided() - self._noticed)

    def _undecided(self) -> set[Ring]:
        """What rings, placed by the office, while nobody said what becomes of it."""
        return {called.undecided for called in self.company.called if called.undecided}

    def _coming(self, listen: Listen) -> Key | None:
        """The next key in time."""
        until = self.line.tape.clock + seconds_of(listen.sounds) + listen.timeout
        return self._keys[0] if self._keys and self._keys[0].at <= until else None

    def _reaches(self, stop: Stop) -> None:
        super()._reaches(stop)
        self._loses_keys()

    def _loses_keys(self) -> None:
        """Those pressed before anything listened."""
        while isinstance(self.stop, Listen) and self._keys and self._keys[0].at < self.transcript.clock:
            self.transcript.notes(LINE, f"nothing listened for {self._keys.popleft().key}: it is lost")

    def _talks_until(self, talk: Talk) -> float:
        """A talk that lingers ends by itself only for a caller who lets it."""
        if talk.bridge and self._patient is self.stop:
            return min(talk.bridge.over, talk.bridge.since + talk.bridge.seconds)
        return super()._talks_until(talk)

    async def _answer(self, stop: Stop) -> object:
        if isinstance(stop, Listen) and (key := self._coming(stop)):
            self._keys.popleft()
            return key
        return await super()._answer(stop)

    def _ends(self, way: Way) -> None:
        self.transcript.notes(LINE, _ENDINGS.get(way, f"{self.transcript.name} hangs up"))
        super()._ends(way)
        if self._status_callback:
            form = self.line.leg.form("completed") | {"CallDuration": str(round(self.transcript.clock - self.began))}
            self.company.news.tells(Webhook("POST", self._status_callback, form), self.transcript.clock)
