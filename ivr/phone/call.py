"""Keeps one call going: answers for everybody but the caller, and stops where only the caller can decide."""

import re
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from typing import Any

from ivr.phone.exchange import Exchange
from ivr.phone.failure import HTTP_FAILURE, ApplicationFailure
from ivr.phone.far_end import FAR_ENDS, RINGING, FarEnd
from ivr.phone.leg import Leg
from ivr.phone.line import Line
from ivr.phone.speech import seconds_of
from ivr.phone.stops import Ask, Key, Listen, Ring, Silence, Stop, Talk, Way
from ivr.phone.transcript import LINE, Transcript
from ivr.phone.twiml import read
from ivr.phone.verbs import Document

MOST_DOCUMENTS = 200
"""Documents in one go, without the caller doing anything: more is a call that goes round in circles."""
_DIALLABLE = r"\+[1-9][0-9]{6,14}"
_ENDINGS = {
    Way.RAN_OUT: "nothing is left to play: the call ends",
    Way.HUNG_UP: "the helpline hangs up",
    Way.GONE: "the caller hangs up",
    Way.FAILED: "the telephone company hangs up",
}


class Call:
    """A call from pick-up to the end: `stop` is what the caller has to decide, `way` how it ended.

    `dialled` has every number rung, in order, each with the number it was shown. `failures` has every time the
    app failed, in the caller's ear or another's. `requests` are the webhooks sent, `documents` the answers.
    """

    def __init__(self, exchange: Exchange, leg: Leg, fallback: str | None) -> None:
        self.exchange = exchange
        self.requests = exchange.requests
        self.documents = exchange.documents
        self.transcript = Transcript()
        self.far_ends: Mapping[str, str] = {}
        self.otherwise = RINGING
        self.dialled: list[Ring] = []
        self.stop: Stop | None = None
        self.way: Way | None = None
        voice = f"{exchange.public_url}/voice"
        line = Line(leg, self.transcript, voice, None if fallback is None else read(fallback))
        self.failures = line.failures
        self._play: Generator[Stop, Any, Way] = line.plays(line.asks(voice, "POST"))
        self._keys: deque[Key] = deque()
        self._in_one_go = 0

    async def acts(self, answer: object = None, keys: Iterable[Key] = ()) -> None:
        """The caller does something: answers the stop, or presses keys each at its own second."""
        self._in_one_go = 0
        self._keys.extend(keys)
        if self._keys and isinstance(self.stop, Listen):
            answer = self._key(self.stop)
            if answer is None:
                return
        self.transcript.turns()
        await self._goes_on(answer)
        self._keys.clear()

    async def stays_silent(self) -> None:
        """Let the time of the stop run out: a number that rings is not answered."""
        self._in_one_go = 0
        await self._goes_on(FAR_ENDS["no_answer"] if isinstance(self.stop, Ring) else Silence())

    async def _goes_on(self, answer: object) -> None:
        try:
            stop = self._play.send(answer)
            while (answer := await self._answer(stop)) is not None:
                stop = self._play.send(answer)
            self.stop = stop
        except StopIteration as end:
            self.stop, self.way = None, end.value
            self.transcript.notes(LINE, _ENDINGS[end.value])

    async def _answer(self, stop: Stop) -> object:
        """What the stop is told; None where that is for the caller to say."""
        match stop:
            case Ask():
                return await self._document(stop)
            case Listen():
                return self._key(stop)
            case Ring():
                return self._far_end(stop)
            case Talk():
                return None if stop.lingers else Silence()
        return None

    async def _document(self, ask: Ask) -> Document | ApplicationFailure:
        self._in_one_go += 1
        if self._in_one_go > MOST_DOCUMENTS:
            return ApplicationFailure(HTTP_FAILURE, ask.url, "The documents lead round in circles.")
        try:
            return await self.exchange.document(ask)
        except ApplicationFailure as failure:
            return failure

    def _key(self, listen: Listen) -> Key | Silence | None:
        """The next key in time; keys pressed while nothing was listening are lost."""
        while self._keys and self._keys[0].at < self.transcript.clock:
            self.transcript.notes(LINE, f"nothing listened for {self._keys.popleft().key}: it is lost")
        until = self.transcript.clock + seconds_of(listen.sounds) + listen.timeout
        if self._keys and self._keys[0].at <= until:
            return self._keys.popleft()
        return Silence() if self._keys or listen.begun else None

    def _far_end(self, ring: Ring) -> FarEnd | None:
        self.dialled.append(ring)
        self.transcript.notes(LINE, f"rings {ring.number}, showing {ring.shown or 'no number'}")
        if not re.fullmatch(_DIALLABLE, ring.number):
            return FAR_ENDS["failed"]
        behaviour = self.far_ends.get(ring.number, self.otherwise)
        return None if behaviour == RINGING else FAR_ENDS[behaviour]
