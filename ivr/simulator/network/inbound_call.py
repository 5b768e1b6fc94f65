"""An inbound call: the caller's end, which stops wherever the caller has something to decide."""

from collections import deque
from collections.abc import Iterable

from ivr.simulator.network.answers import HangUp, Key
from ivr.simulator.network.callee import CALLEES
from ivr.simulator.network.carrier import Carrier
from ivr.simulator.network.interpreter import Interpreter
from ivr.simulator.network.leg import Leg
from ivr.simulator.network.participant import Participant
from ivr.simulator.network.waits import AwaitDigits, AwaitSpeech, Ending, IdleInQueue, Ring, Talk, Wait
from ivr.simulator.network.webhooks import Webhook, WebhookClient
from ivr.simulator.transcript import LINE, Transcript
from ivr.simulator.twiml.timing import duration
from ivr.simulator.twiml.verbs import Document

_NOTES = {
    Ending.END_OF_DOCUMENT: "nothing is left to play: the call ends",
    Ending.APP_HUNG_UP: "the helpline hangs up",
    Ending.FAILED: "the telephone company hangs up",
}


class InboundCall(Participant):
    """A call from pick-up to the end. `pending` is what the caller has to decide, `ending` how it ended.

    `failures` are the app's failures in any leg; `requests` are the webhooks sent, `documents` the answers.
    """

    carrier: Carrier

    def __init__(
        self,
        carrier: Carrier,
        webhooks: WebhookClient,
        leg: Leg,
        transcript: Transcript,
        fallback: str | None,
        status_callback: str | None,
    ) -> None:
        self.transcript = transcript
        self.requests, self.documents = webhooks.requests, webhooks.documents
        voice = f"{webhooks.public_url}/voice"
        line = Interpreter(
            leg, transcript, voice, None if fallback is None else webhooks.read(fallback), carrier.failures
        )
        super().__init__(carrier, webhooks, line)
        self.failures = carrier.failures
        self.began = 0.0
        self._execution = line.run(line.request(voice, "POST"))
        self._keys: deque[Key] = deque()
        self._status_callback = status_callback
        self._sat_out: Wait | None = None
        """The wait that the caller lets run out."""
        self._seen: set[Ring] = set()

    @property
    def due(self) -> float:
        """The second at which the caller presses the next key, or the pending wait ends by itself."""
        if isinstance(self.pending, AwaitDigits) and (key := self._next_key(self.pending)):
            return key.at
        return super().due

    @property
    def awaits_decision(self) -> bool:
        """True if it is for the caller to decide how the call goes on."""
        if self.pending is self._sat_out:
            return False
        match self.pending:
            case AwaitDigits():
                return not (self._keys or self.pending.begun)
            case Ring(number):
                return self.carrier.directory.callee(number) is None
            case Talk():
                return self.pending.lingers
        return isinstance(self.pending, AwaitSpeech | IdleInQueue)

    async def start(self) -> None:
        """Begin the call now."""
        self.began = self.transcript.clock = self.carrier.now
        self.transcript.note(self.transcript.ear, "dials")
        self.transcript.start_turn()
        self.carrier.participants.append(self)
        leg = self.line.leg
        self.carrier.twilio.add_inbound_call(leg.sid, leg.caller, leg.called)
        self.resume(None)
        await self._run()

    async def act(self, answer: object = None, keys: Iterable[Key] = ()) -> None:
        """Answer the pending wait, or press keys, each at its own second."""
        self._documents_in_a_row, self._sat_out = 0, None
        self._keys.extend(keys)
        self._drop_early_keys()
        if answer is None and not self._keys:
            return
        if isinstance(answer, HangUp | Key):
            await self.carrier.run_until(answer.at, besides=self)
        if isinstance(self.pending, Ring):  # it has rung all the while that others did something
            self.line.advance((), self.carrier.now - self.transcript.clock)
        self.transcript.start_turn()
        if answer is not None and self.ending is None:
            self.resume(answer)
        await self._run()
        self._keys.clear()

    async def stay_silent(self) -> None:
        """Let the pending wait run out; a number that rings is not answered."""
        self._documents_in_a_row, self._sat_out = 0, self.pending
        if isinstance(self.pending, Ring):
            self.resume(CALLEES["no_answer"])
        await self._run()

    async def execute(self, document: Document) -> None:
        """Execute a document from now on, instead of what is being played or waited for."""
        self.stop_playing()
        self._execution.close()
        self._keys.clear()
        self._documents_in_a_row, self._sat_out = 0, None
        self._execution = self.line.run(document)
        self.transcript.start_turn()
        self.resume(None)
        await self._run()

    async def keep_waiting(self) -> None:
        """Go on with the same wait, as somebody else has done something."""
        await self._run()

    async def _run(self) -> None:
        await self.carrier.run_until_decision(self)
        self._seen |= self._undecided_rings()
        if self.ending is not None:
            await self.carrier.drain()

    @property
    def should_stop(self) -> bool:
        """True if there is something to decide, in this call or for a callee, or the call has ended."""
        return self.ending is not None or self.awaits_decision or bool(self._undecided_rings() - self._seen)

    def _undecided_rings(self) -> set[Ring]:
        """Return the outbound calls that ring until somebody decides what happens."""
        return {call.undecided_ring for call in self.carrier.outbound_calls if call.undecided_ring}

    def _next_key(self, wait: AwaitDigits) -> Key | None:
        """Return the next key that is pressed in time."""
        until = self.transcript.clock + duration(wait.sounds) + wait.timeout
        return self._keys[0] if self._keys and self._keys[0].at <= until else None

    def _begin(self, wait: Wait) -> None:
        super()._begin(wait)
        self._drop_early_keys()

    def _drop_early_keys(self) -> None:
        """Drop keys pressed before a `<Gather>` began, as Twilio does."""
        while isinstance(self.pending, AwaitDigits) and self._keys and self._keys[0].at < self.transcript.clock:
            self.transcript.note(LINE, f"nothing listened for {self._keys.popleft().key}: it is lost")

    def _end_of_talk(self, talk: Talk) -> float:
        """Return when a talk ends; one that lingers does so by itself only for a caller who sits it out."""
        if talk.bridge and self._sat_out is self.pending:
            return min(talk.bridge.over, talk.bridge.since + talk.bridge.seconds)
        return super()._end_of_talk(talk)

    async def _answer(self, wait: Wait) -> object:
        if isinstance(wait, AwaitDigits) and (key := self._next_key(wait)):
            self._keys.popleft()
            return key
        return await super()._answer(wait)

    def _end(self, ending: Ending) -> None:
        self.transcript.note(LINE, _NOTES.get(ending, f"{self.transcript.name} hangs up"))
        super()._end(ending)
        if self._status_callback:
            seconds = round(self.transcript.clock - self.began)
            form = self.line.leg.form("completed") | {"CallDuration": str(seconds)}
            webhook = Webhook("POST", self._status_callback, form)
            self.carrier.status_callbacks.report_call(webhook, self.transcript.clock)
