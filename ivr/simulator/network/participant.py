"""A participant: one end of one call, with the TwiML it executes and what that waits for."""

from collections.abc import Callable, Generator
from math import inf
from typing import Any, Protocol

from ivr.simulator.network.answers import Silence
from ivr.simulator.network.callee import CALLEES, Callee
from ivr.simulator.network.directory import Directory
from ivr.simulator.network.line import Line
from ivr.simulator.network.queues import Queues
from ivr.simulator.network.status_callbacks import StatusCallbacks
from ivr.simulator.network.waits import (
    AwaitAnswer,
    AwaitDigits,
    AwaitSpeech,
    Bridged,
    DequeueCaller,
    Ending,
    FetchAudio,
    IdleInQueue,
    JoinQueue,
    PlaySounds,
    RequestTwiml,
    Ring,
    SaveRecording,
    Talk,
    Wait,
)
from ivr.simulator.network.webhooks import WebhookClient
from ivr.simulator.transcript import LINE
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from ivr.simulator.twiml.errors import HTTP_RETRIEVAL_FAILURE, ApplicationFailure
from ivr.simulator.twiml.timing import duration
from ivr.simulator.twiml.verbs import Document

MAX_DOCUMENTS = 200
"""Documents in a row without a chance for anybody to act: more is a redirect loop."""


class Network(Protocol):
    """What a participant uses of the carrier."""

    twilio: TwilioAccount
    directory: Directory
    queues: Queues
    status_callbacks: StatusCallbacks
    failures: list[ApplicationFailure]

    @property
    def now(self) -> float:
        """The second of the simulated clock."""

    def save_recording(self, wait: SaveRecording, line: Line) -> RecordingResource:
        """Create a recording."""

    def remove(self, participant: "Participant") -> None:
        """Remove a participant whose call has ended."""


class Participant:
    """A line with the execution of its TwiML, and the wait that is `pending`. `ending` is how it ended."""

    priority = 1
    """Of several due at the same second the lowest goes first: after the first callbacks, before the last."""

    def __init__(self, carrier: Network, webhooks: WebhookClient, line: Line) -> None:
        self.carrier, self.webhooks, self.line = carrier, webhooks, line
        self.pending: Wait | None = None
        self.ending: Ending | None = None
        self._execution: Generator[Wait, Any, Ending]
        self._documents_in_a_row = 0

    @property
    def awaits_decision(self) -> bool:
        """True if whoever operates the telephones has to decide how it goes on."""
        return False

    @property
    def should_stop(self) -> bool:
        """True if the carrier should stop for whoever operates the telephones."""
        return False

    @property
    def behaviour_in_talk(self) -> Callee:
        """How the person at this end talks with another."""
        return CALLEES["accepts"]

    @property
    def due(self) -> float:
        """The second at which the pending wait ends if nobody does anything."""
        now = self.line.transcript.clock
        match self.pending:
            case PlaySounds(sounds):
                return now + duration(sounds)
            case AwaitDigits():
                return now + duration(self.pending.sounds) + self.pending.timeout
            case AwaitSpeech(timeout) | AwaitAnswer(timeout):
                return now + timeout
            case Talk():
                return self._end_of_talk(self.pending)
            case DequeueCaller():
                return self.carrier.queues.due(self.pending, now)
            case Bridged(bridge):
                return bridge.over
            case Ring(number) if self.carrier.directory.callee(number) is None:
                return inf
        return now if self.pending else inf

    async def proceed(self) -> None:
        """End the pending wait with the answer that comes if nobody does anything."""
        if (wait := self.pending) is not None:
            answer = await self._answer(wait)
            if self.pending is wait:  # nobody has interrupted it meanwhile
                self.resume(answer)

    def resume(self, answer: object) -> None:
        """Send the answer to the pending wait."""
        self._step(lambda: self._execution.send(answer))

    def interrupt(self, reason: Exception) -> None:
        """Break off the pending wait now, by an exception."""
        self.stop_playing()
        self._step(lambda: self._execution.throw(reason))

    def stop_playing(self) -> None:
        """Bring the clock of the leg up to now: what is pending has been played so far."""
        sounds = self.pending.sounds if isinstance(self.pending, PlaySounds | AwaitDigits) else ()
        self.line.advance(sounds, max(self.carrier.now - self.line.transcript.clock, 0.0))

    def _step(self, step: Callable[[], Wait]) -> None:
        try:
            self.pending = step()
        except StopIteration as end:
            self.pending, self.ending = None, end.value
            self._end(end.value)
        else:
            self._begin(self.pending)

    def _begin(self, wait: Wait) -> None:
        if isinstance(wait, Ring):
            self.carrier.directory.dialled.append(wait)
            self.line.transcript.note(LINE, f"rings {wait.number}, showing {wait.caller_id or 'no number'}")

    def _end(self, ending: Ending) -> None:
        self.carrier.remove(self)

    def _end_of_talk(self, talk: Talk) -> float:
        return talk.bridge.over if talk.bridge else self.line.transcript.clock + talk.seconds

    async def _answer(self, wait: Wait) -> object:
        match wait:
            case RequestTwiml() | FetchAudio():
                return await self._fetch(wait)
            case SaveRecording():
                return self.carrier.save_recording(wait, self.line)
            case Ring(number):
                return self.carrier.directory.callee(number) or CALLEES["no_answer"]
            case JoinQueue():
                return self.carrier.queues.join(wait, self.line, self.interrupt)
            case DequeueCaller():
                return self.carrier.queues.dequeue(wait, self.line, self.behaviour_in_talk)
            case AwaitDigits() | AwaitSpeech() | IdleInQueue():
                self._documents_in_a_row = 0
        return Silence()

    async def _fetch(self, wait: RequestTwiml | FetchAudio) -> Document | float | ApplicationFailure:
        try:
            if isinstance(wait, FetchAudio):
                return await self.webhooks.fetch_audio(wait.url)
            self._documents_in_a_row += 1
            if self._documents_in_a_row > MAX_DOCUMENTS:
                raise ApplicationFailure(HTTP_RETRIEVAL_FAILURE, wait.url, "The documents lead round in circles.")
            return await self.webhooks.fetch_twiml(wait)
        except ApplicationFailure as failure:
            return failure
