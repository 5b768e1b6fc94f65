"""An outbound call: created through the REST API, it rings somebody and executes the app's documents for them."""

from collections.abc import Generator
from typing import Any

from ivr.simulator.network.answers import EndedByApi, HangUp, Key, RemoteHangUp, Silence
from ivr.simulator.network.callee import CALLEES, Callee
from ivr.simulator.network.connected_call import ConnectedCall
from ivr.simulator.network.interpreter import Interpreter
from ivr.simulator.network.leg import Leg
from ivr.simulator.network.participant import Network
from ivr.simulator.network.tones import Span, tone
from ivr.simulator.network.waits import (
    AwaitAnswer,
    AwaitDigits,
    Ending,
    NextStep,
    PlaySounds,
    Ring,
    Talk,
    Wait,
)
from ivr.simulator.network.webhooks import Webhook, WebhookClient
from ivr.simulator.transcript import LINE, Transcript
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twiml.parse import parse
from ivr.simulator.twiml.timing import silence
from ivr.simulator.twiml.verbs import Document

UNANSWERED = {"busy", "no-answer", "failed"}
LINGERS = Callee(lingers=True, talks=14_400.0)


class OutboundCall(ConnectedCall):
    """One outbound call; `callee` is whoever was called, once that is decided, if it is no number of the account."""

    def __init__(
        self, carrier: Network, webhooks: WebhookClient, resource: CallResource, transcript: Transcript
    ) -> None:
        leg = Leg(resource.sender, resource.to, sid=resource.sid, placed=True)
        line = Interpreter(leg, transcript, resource.url, failures=carrier.failures)
        super().__init__(carrier, webhooks, line)
        self.resource = resource
        self.callee: Callee | None = None
        self._began = self._answered_at = transcript.clock
        self._execution = self._run()

    def start(self) -> None:
        """Begin to ring."""
        self.resume(None)

    @property
    def undecided_ring(self) -> Ring | None:
        """The pending ring, of the telephone called or of one that it dials, while nobody has decided how it ends."""
        ring = self.pending if isinstance(self.pending, Ring) else None
        return ring if ring and self.carrier.directory.callee(ring.number) is None else None

    @property
    def dialled(self) -> Ring | Talk | None:
        """The ring of, or the talk with, whoever this call is connecting its callee with by a `<Dial>`."""
        pending = self.pending if isinstance(self.pending, Ring | Talk) else None
        return pending if pending and pending.number != self.resource.to else None

    @property
    def behaviour_in_talk(self) -> Callee:
        """Whoever answered; a number of the account talks until its document is over."""
        return LINGERS if self.peer else self.callee or CALLEES["no_answer"]

    @property
    def due(self) -> float:
        """The second at which the callee does something, or the pending wait ends by itself."""
        clock = self.line.transcript.clock
        if ring := self.undecided_ring:
            return clock + ring.timeout
        if isinstance(self.pending, AwaitDigits) and not self.peer:
            answer = self._respond(self.pending)
            return super().due if isinstance(answer, Silence) else answer.at
        return super().due

    def decide(self, callee: Callee) -> None:
        """Decide how the telephone that rings behaves from now on."""
        self._resume_now(callee)

    def hang_up(self) -> None:
        """Hang up as the callee, now."""
        if self.dialled:
            self._resume_now(HangUp(self.carrier.now))
        else:
            self.resume(HangUp(self.carrier.now))

    def remote_hang_up(self) -> None:
        """Let whoever the callee talks with by a `<Dial>` hang up, now."""
        self.resume(RemoteHangUp(self.carrier.now))

    def _resume_now(self, answer: object) -> None:
        """End a wait that takes as long as it takes, now."""
        self.line.advance((), max(self.carrier.now - self.line.transcript.clock, 0.0))
        self.resume(answer)

    def _run(self) -> Generator[Wait, Any, Ending]:
        ending, status = Ending.PARTY_HUNG_UP, "canceled"
        try:
            status = yield from self._ring()
            if status == "in-progress":
                self._set_status(status)
                status = "completed"
                self._answered_at = self.line.transcript.clock
                ending = yield from self.line.run(self._script())
        except EndedByApi:
            self._note("is rung no more" if status == "canceled" else "is cut off")
        self._set_status(status)
        return ending

    def _ring(self) -> Generator[Wait, Any, str]:
        """Ring, and return the status that the call comes to."""
        if self.resource.has_ended:
            return "canceled"
        self._set_status("initiated")
        self._set_status("ringing")
        if self.peer:
            return (yield from self._ring_own_number())
        callee: Callee = yield Ring(self.resource.to, self.resource.sender, self.resource.timeout)
        self.callee = callee
        left = self._began + self.resource.timeout - self.line.transcript.clock
        rings = min(callee.rings, left)
        yield PlaySounds((silence(rings),))
        self.line.advance((), rings)
        if callee.rings > left or callee.refused:
            return "no-answer" if callee.rings > left else callee.refused
        self._note("answers")
        if callee.greeting:
            self.line.transcript.note(self.resource.to, callee.greeting)
        return "in-progress"

    def _ring_own_number(self) -> Generator[Wait, Any, str]:
        answer = yield AwaitAnswer(self.resource.timeout)
        is_answered = answer is True
        self.line.advance((), max(self.carrier.now - self.line.transcript.clock, 0.0))
        if not is_answered:
            return "busy" if self.peer and self.peer.ending else "no-answer"
        self._note("answers")
        return "in-progress"

    def is_answered(self) -> None:
        """Be told that the number of the account which is rung has answered."""
        if isinstance(self.pending, AwaitAnswer):
            self.resume(True)

    def peer_hung_up(self) -> None:
        """Be told that the number of the account is gone; before it has answered, that it will not."""
        if isinstance(self.pending, AwaitAnswer):
            self.resume(False)
        else:
            super().peer_hung_up()

    def _script(self) -> NextStep:
        """Return what the call executes: its own document, or what is at its address."""
        if not self.resource.twiml:
            return self.line.request(self.resource.url, self.resource.method)
        return Document(self.webhooks.public_url, parse(self.resource.twiml))

    def _end(self, ending: Ending) -> None:
        super()._end(ending)
        if self.resource.recorded and self.peer:
            seconds = self.line.transcript.clock - self._answered_at
            theirs = [] if self.carrier.twilio.records_silence else self.peer.spoken
            sides = [self._since_answered(spans) for spans in (theirs, self.spoken)]
            self.carrier.twilio.add_call_recording(self.resource.sid, seconds, tone(sides, seconds))

    def _since_answered(self, spans: list[Span]) -> list[Span]:
        return [(since - self._answered_at, until - self._answered_at) for since, until in spans]

    def _note(self, what: str) -> None:
        self.line.transcript.note(LINE, f"{self.resource.to} {what}")

    def _set_status(self, status: str) -> None:
        """Set the status of the call, and schedule the status callback if the app asked for it."""
        at = self.line.transcript.clock
        self.resource.set_status(status, at)
        if status in UNANSWERED:
            self._note(status)
        if self.resource.wants_callback_for(status):
            twilio = self.carrier.twilio
            form = self.resource.status_callback_form(status, twilio.sid, twilio.clock())
            webhook = Webhook(self.resource.status_callback_method, self.resource.status_callback, form)
            self.carrier.status_callbacks.report_call(webhook, at)

    async def _answer(self, wait: Wait) -> object:
        if self.peer or not isinstance(wait, AwaitDigits):
            return await super()._answer(wait)
        answer = self._respond(wait)
        if isinstance(answer, Key):
            self.line.transcript.note(self.resource.to, f"presses {answer.key}", at=answer.at)
        return answer

    def _respond(self, wait: AwaitDigits) -> Key | Silence | HangUp:
        return self.behaviour_in_talk.respond(wait, self.line.transcript.clock)
