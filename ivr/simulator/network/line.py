"""A line: the state of one leg while it executes TwiML, and what every verb does with it."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any, Self
from urllib.parse import urldefrag, urljoin

from ivr.simulator.network.leg import Leg
from ivr.simulator.network.waits import Ending, Execution, FetchAudio, NextStep, RequestTwiml, Wait
from ivr.simulator.transcript import LINE, Transcript
from ivr.simulator.twiml.errors import ApplicationFailure
from ivr.simulator.twiml.timing import Sound
from ivr.simulator.twiml.verbs import Document, Play, Verb

RECORDING_LENGTHS = "right", "zero", "missing"


class Line(ABC):
    """One leg, at the document from `url`. The app's failures are appended to `failures`.

    `fallback` is the document executed when the app fails, once.
    """

    def __init__(
        self,
        leg: Leg,
        transcript: Transcript,
        url: str,
        fallback: tuple[Verb, ...] | None = None,
        failures: list[ApplicationFailure] | None = None,
    ) -> None:
        self.leg, self.transcript, self.url, self.fallback = leg, transcript, url, fallback
        self.ear = leg.called if leg.parent else transcript.ear
        self.answered = leg.is_outbound
        self.failures = [] if failures is None else failures
        self.reports_hangup = True
        """True if a hang-up requests the action of the verb that it ended. Twilio does not always get to do so."""
        self.recording_length = RECORDING_LENGTHS[0]
        """What the action of `<Record>` is told of the length."""
        self.in_queue = self.in_dial = False
        self.gather_count = 0

    @abstractmethod
    def run(self, step: NextStep) -> Generator[Wait, Any, Ending]:
        """Execute documents from this step on until the leg ends."""

    @abstractmethod
    def run_document(self, answer: Document | ApplicationFailure) -> Execution:
        """Execute one document; return END_OF_DOCUMENT when no verb is left."""

    def child(self, leg: Leg) -> Self:
        """Return the line of a leg that this one dialled; its failures count as the call's."""
        return type(self)(leg, self.transcript, self.url, failures=self.failures)

    def request(self, action: str | None, method: str, **fields: str) -> RequestTwiml:
        """Return a request for a URL relative to the current document, or for that document itself."""
        status = "in-progress" if self.answered else "ringing"
        return RequestTwiml(method, self.resolve(action or ""), self.leg.form(status) | fields)

    def status_callback(self, url: str, method: str) -> RequestTwiml:
        """Return the request of a status callback: its fragment says how often it is sent again."""
        return replace(self.request(url, method), url=urljoin(self.url, url))

    def resolve(self, url: str) -> str:
        """Return the absolute form of a URL in the current document."""
        return urldefrag(urljoin(self.url, url)).url

    def request_or_continue(self, action: str | None, method: str, fields: dict[str, str]) -> RequestTwiml | Ending:
        """Return a request for the action; without one, the next verb follows."""
        return self.request(action, method, **fields) if action else Ending.CONTINUE

    def report_hangup(self, request: RequestTwiml) -> Execution:
        """Request the action of a verb that a hang-up ended, though nobody hears the answer."""
        if not self.reports_hangup:
            return Ending.PARTY_HUNG_UP
        form = request.form | {"CallStatus": "completed"}
        answer = yield RequestTwiml(request.method, request.url, form, answer_read=False)
        if isinstance(answer, ApplicationFailure):
            self.failures.append(answer)
        return Ending.PARTY_HUNG_UP

    def advance(self, sounds: Sequence[Sound], seconds: float | None = None) -> None:
        """Let the sounds play, or only their first `seconds`."""
        self.transcript.advance(self.ear, sounds, seconds)

    def load(self, verb: Play) -> Generator[Wait, Any, Play]:
        """Fetch the audio of a `<Play>`, and return the verb with its length.

        Raises ApplicationFailure if the app does not serve audio.
        """
        if verb.digits:
            return verb
        seconds = yield FetchAudio(self.resolve(verb.audio))
        if isinstance(seconds, ApplicationFailure):
            raise seconds
        return replace(verb, seconds=seconds)

    def record_failure(self, failure: ApplicationFailure) -> None:
        """Add a failure of the app to the list and the transcript."""
        self.failures.append(failure)
        self.transcript.note(LINE, f"the app fails: {failure}", self.ear)
