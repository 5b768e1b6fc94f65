"""The TwiML interpreter: executes documents on a line, verb after verb, until its leg ends."""

from collections.abc import Generator
from typing import Any

from ivr.simulator.network.answers import HangUp
from ivr.simulator.network.execute_dial import execute_dial
from ivr.simulator.network.execute_dial_queue import execute_dial_queue
from ivr.simulator.network.execute_enqueue import execute_enqueue
from ivr.simulator.network.execute_gather import execute_gather
from ivr.simulator.network.execute_record import execute_record
from ivr.simulator.network.line import Line
from ivr.simulator.network.waits import Ending, Execution, NextStep, PlaySounds, Wait
from ivr.simulator.transcript import LINE
from ivr.simulator.twiml.errors import SCHEMA_VALIDATION_WARNING, ApplicationFailure
from ivr.simulator.twiml.timing import speech
from ivr.simulator.twiml.verbs import (
    Dial,
    Document,
    Enqueue,
    Gather,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
"""What Twilio says to a caller when the app fails and there is no fallback."""


class Interpreter(Line):
    """A line that executes TwiML."""

    def run(self, step: NextStep) -> Generator[Wait, Any, Ending]:
        """Execute documents from this step on until the leg ends."""
        while not isinstance(step, Ending):
            answer = step if isinstance(step, Document) else (yield step)
            try:
                step = yield from self.run_document(answer)
            except ApplicationFailure as failure:
                step = yield from self._fall_back(failure)
        return step

    def run_document(self, answer: Document | ApplicationFailure) -> Execution:
        """Execute one document; return END_OF_DOCUMENT when no verb is left."""
        if isinstance(answer, ApplicationFailure):
            raise answer
        self.url = answer.url
        for verb in answer.verbs:
            step = yield from self._execute(verb)
            if step is not Ending.CONTINUE:
                return step
        return Ending.END_OF_DOCUMENT

    def _execute(self, verb: Verb) -> Execution:
        match verb:
            case Redirect():
                return self.request(verb.url, verb.method)
            case Reject():
                return self._reject(verb)
            case Pause():
                # Before any other verb a pause lets the call ring on: it does not answer it.
                return (yield from self._speak(verb))
        self.answered = True
        return (yield from self._execute_answered(verb))

    def _execute_answered(self, verb: Verb) -> Execution:
        match verb:
            case Say():
                return (yield from self._speak(verb))
            case Play():
                return (yield from self._speak((yield from self.load(verb))))
            case Gather():
                return (yield from execute_gather(self, verb))
            case Record():
                return (yield from execute_record(self, verb))
            case Dial() | Enqueue() if self.leg.parent:
                name = type(verb).__name__
                raise self._invalid(f"<{name}> cannot be played to a called party.")
            case Dial():
                return (yield from (execute_dial_queue if verb.queue else execute_dial)(self, verb))
            case Enqueue():
                return (yield from execute_enqueue(self, verb))
            case Leave() if self.in_queue:
                return Ending.LEFT_QUEUE
            case Leave():
                raise self._invalid("<Leave> where nobody waits in a queue.")
        return Ending.APP_HUNG_UP

    def _invalid(self, reason: str) -> ApplicationFailure:
        return ApplicationFailure(SCHEMA_VALIDATION_WARNING, self.url, reason)

    def _speak(self, verb: Say | Play | Pause) -> Execution:
        """Play what no key interrupts: outside a `<Gather>` only a hang-up does."""
        self.transcript.speak(self.ear, verb)
        digits = verb.digits if isinstance(verb, Play) else ""
        if isinstance(answer := (yield PlaySounds(verb.sounds, digits)), HangUp):
            self.advance(verb.sounds, answer.at - self.transcript.clock)
            return Ending.PARTY_HUNG_UP
        self.advance(verb.sounds)
        return Ending.CONTINUE

    def _reject(self, verb: Reject) -> Ending:
        """Reject a call that is not answered yet; an answered one simply ends."""
        if not self.answered:
            self.transcript.note(LINE, f"the call is rejected: {verb.reason}")
        return Ending.APP_HUNG_UP

    def _fall_back(self, failure: ApplicationFailure) -> Execution:
        self.record_failure(failure)
        verbs, self.fallback = self.fallback, None
        if verbs is not None:
            self.transcript.note(LINE, "the fallback document is played")
            return Document(self.url, verbs)
        self.answered = True
        yield from self._speak(Say((speech(APPLICATION_ERROR),)))
        return Ending.FAILED
