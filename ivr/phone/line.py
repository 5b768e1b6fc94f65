"""Plays documents into one ear, verb after verb, until the call or this half of it ends."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urldefrag, urljoin

from ivr.phone.dequeue import dequeues
from ivr.phone.dial import dials
from ivr.phone.enqueue import enqueues
from ivr.phone.failure import NOT_TWIML, ApplicationFailure
from ivr.phone.gather import gathers
from ivr.phone.leg import Leg
from ivr.phone.record import records
from ivr.phone.speech import Sound, spoken
from ivr.phone.stops import Ask, HangUp, Hold, Load, Next, Play, Stop, Way
from ivr.phone.transcript import LINE, Transcript
from ivr.phone.verbs import (
    Dial,
    Document,
    Enqueue,
    Gather,
    Leave,
    Pause,
    Record,
    Redirect,
    Reject,
    Verb,
)
from ivr.phone.verbs import Play as PlayVerb
from ivr.phone.verbs import Say as SayVerb

LAST_WORDS = "We are sorry, an application error has occurred. Goodbye."
"""What a caller hears from the telephone company when nothing of ours is left to play."""

Verbs = tuple[Verb, ...]


class Line:
    """One half of a call. `fallback` is the document for when the app fails, used once."""

    def __init__(
        self,
        leg: Leg,
        tape: Transcript,
        url: str,
        fallback: Verbs | None = None,
        failures: list[ApplicationFailure] | None = None,
    ) -> None:
        self.leg = leg
        self.tape = tape
        self.url = url
        self.ear = leg.called if leg.parent else tape.ear
        self.answered = leg.is_outbound
        self.failures = [] if failures is None else failures
        self.farewells = True
        """Whether the app is told of a hang-up by the action of the verb that it ended: that may not come about."""
        self.waits = False
        """Whether it stands in a queue."""
        self.listened = 0
        """How often somebody could have pressed a key."""
        self._fallback = fallback

    def child(self, leg: Leg) -> "Line":
        """The half of the call that this one dialled; its failures are the call's."""
        return Line(leg, self.tape, self.url, failures=self.failures)

    def plays(self, step: Next) -> Generator[Stop, Any, Way]:
        """Play from here until the end, and say how it ended."""
        while not isinstance(step, Way):
            answer = step if isinstance(step, Document) else (yield step)
            try:
                step = yield from self.document(answer)
            except ApplicationFailure as failure:
                step = yield from self._fails(failure)
        return step

    def asks(self, action: str | None, method: str, **fields: str) -> Ask:
        """A question to the app; the address is as seen from the document being played, or that document's own."""
        status = "in-progress" if self.answered else "ringing"
        return Ask(method, self.address(action or ""), self.leg.form(status) | fields)

    def address(self, url: str) -> str:
        """An address as seen from the document being played."""
        return urldefrag(urljoin(self.url, url)).url

    def farewell(self, ask: Ask) -> Play:
        """Tell the app how it went though nobody is left to hear the answer."""
        if not self.farewells:
            return Way.GONE
        answer = yield Ask(ask.method, ask.url, ask.form | {"CallStatus": "completed"}, answer_read=False)
        if isinstance(answer, ApplicationFailure):
            self.failures.append(answer)
        return Way.GONE

    def passes(self, sounds: Sequence[Sound], seconds: float | None = None) -> None:
        self.tape.passes(self.ear, sounds, seconds)

    def sound(self, verb: PlayVerb) -> Generator[Stop, Any, PlayVerb]:
        """The sound to be played, once it is fetched and its length known."""
        if verb.digits:
            return verb
        seconds = yield Load(self.address(verb.audio))
        if isinstance(seconds, ApplicationFailure):
            raise seconds
        return replace(verb, seconds=seconds)

    def notes_failure(self, failure: ApplicationFailure) -> None:
        """Write down that the app failed this ear."""
        self.failures.append(failure)
        self.tape.notes(LINE, f"the app fails: {failure}", self.ear)

    def document(self, answer: Document | ApplicationFailure) -> Play:
        """Play one document; Way.RAN_OUT when no verb is left."""
        if isinstance(answer, ApplicationFailure):
            raise answer
        self.url = answer.url
        for verb in answer.verbs:
            step = yield from self._verb(verb)
            if step is not Way.ON:
                return step
        return Way.RAN_OUT

    def _verb(self, verb: Verb) -> Play:
        match verb:
            case Redirect():
                return self.asks(verb.url, verb.method)
            case Reject():
                return self._rejects(verb)
            case Pause():
                # A pause before anything else lets it ring on: the call is not answered yet.
                return (yield from self._says(verb))
        self.answered = True
        return (yield from self._answered(verb))

    def _answered(self, verb: Verb) -> Play:
        match verb:
            case SayVerb():
                return (yield from self._says(verb))
            case PlayVerb():
                return (yield from self._says((yield from self.sound(verb))))
            case Gather():
                return (yield from gathers(self, verb))
            case Record():
                return (yield from records(self, verb))
            case Dial() | Enqueue() if self.leg.parent:
                name = type(verb).__name__
                raise ApplicationFailure(NOT_TWIML, self.url, f"<{name}> cannot be played to a called party.")
            case Dial():
                return (yield from (dequeues if verb.queue else dials)(self, verb))
            case Enqueue():
                return (yield from enqueues(self, verb))
            case Leave() if self.waits:
                return Way.LEFT
            case Leave():
                raise ApplicationFailure(NOT_TWIML, self.url, "<Leave> where nobody waits in a queue.")
        return Way.HUNG_UP

    def _says(self, verb: SayVerb | PlayVerb | Pause) -> Play:
        """Outside a gather nothing interrupts speech, but for putting the receiver down."""
        self.tape.speaks(self.ear, verb.text, verb.sounds)
        if isinstance(answer := (yield Hold(verb.sounds)), HangUp):
            self.passes(verb.sounds, answer.at - self.tape.clock)
            return Way.GONE
        self.passes(verb.sounds)
        return Way.ON

    def _rejects(self, verb: Reject) -> Way:
        """Only a call that was not answered can be rejected; one that was simply ends."""
        if not self.answered:
            self.tape.notes(LINE, f"the call is rejected: {verb.reason}")
        return Way.HUNG_UP

    def _fails(self, failure: ApplicationFailure) -> Play:
        self.notes_failure(failure)
        verbs, self._fallback = self._fallback, None
        if verbs is not None:
            self.tape.notes(LINE, "the fallback document is played")
            return Document(self.url, verbs)
        yield from self._says(SayVerb((spoken(LAST_WORDS),)))
        return Way.FAILED
