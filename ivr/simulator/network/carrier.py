"""The carrier: runs every call leg on one simulated clock.

Whatever is due first happens first, and the app gets no webhook before everything that came earlier. So calls
interleave as they would in real time.
"""

from asyncio import gather
from collections.abc import Iterator
from math import inf
from typing import Protocol

from ivr.simulator.network.answers import EndedByApi
from ivr.simulator.network.clock import Clock
from ivr.simulator.network.directory import Directory
from ivr.simulator.network.line import Line
from ivr.simulator.network.number_call import NumberCall
from ivr.simulator.network.outbound_call import OutboundCall
from ivr.simulator.network.participant import Participant
from ivr.simulator.network.queues import Queues
from ivr.simulator.network.status_callbacks import StatusCallbacks
from ivr.simulator.network.waits import Bridged, RequestTwiml, SaveRecording, Talk
from ivr.simulator.network.webhooks import WebhookClient
from ivr.simulator.transcript import LINE, Entry, Transcript
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from ivr.simulator.twiml.errors import ApplicationFailure
from ivr.simulator.worker_ticks import Tick, WorkerTicks

MAX_DRAIN_SECONDS = 3600.0
"""How long anything goes on after the last caller has hung up."""
ROUNDING = 1e-6
"""Seconds. What is due is a sum, which may be a last binary digit later than the second that it was computed for."""


class Scheduled(Protocol):
    """Something due at a second; of several at the same one, the lowest priority goes first."""

    @property
    def due(self) -> float:
        """The second at which it is due."""

    @property
    def priority(self) -> int:
        """Its place among what is due at the same second, the lowest first."""

    async def proceed(self) -> None:
        """Go on."""


class Carrier:
    """Connects callers with whoever the app calls through `twilio`, and posts the status callbacks.

    It advances the `clock`. If `concurrent`, webhooks of the same second are sent together, so that the app decides
    which comes first. `tick` lets a worker run as time passes.
    """

    def __init__(
        self, webhooks: WebhookClient, twilio: TwilioAccount, directory: Directory, clock: Clock, tick: Tick | None
    ) -> None:
        self.webhooks, self.twilio, self.directory = webhooks, twilio, directory
        self._clock = clock
        self.concurrent = False
        self.entries: list[Entry] = []
        self.failures: list[ApplicationFailure] = []
        self.participants: list[Participant] = []
        self.status_callbacks = StatusCallbacks(webhooks, self.failures)
        self.worker_ticks = WorkerTicks(lambda: self.now, self.is_busy, tick)
        self.queues = Queues(twilio, clock, self.worker_ticks.request)

    @property
    def now(self) -> float:
        """The second of the simulated clock."""
        return self._clock.seconds

    @property
    def outbound_calls(self) -> list[OutboundCall]:
        """The outbound calls in progress."""
        return [participant for participant in self.participants if isinstance(participant, OutboundCall)]

    @property
    def next_due(self) -> float:
        """The second at which something happens by itself; infinity if nothing does."""
        scheduled = self._next()
        return scheduled.due if scheduled else inf

    def is_busy(self) -> bool:
        """Return whether anybody waits in a queue, or is called and does not talk yet."""
        ringing = any(not isinstance(call.pending, Bridged | Talk) for call in self.outbound_calls)
        return ringing or any(queue.members for queue in self.twilio.queues)

    async def run_until_decision(self, call: Participant) -> None:
        """Run until a caller has to decide something, or a telephone rings for which nobody has decided.

        Whatever else is due at that very second is done too.
        """
        while scheduled := self._next(call if call.awaits_decision else None):
            if scheduled.due > self.now and call.should_stop:
                return
            await self._proceed(scheduled, call if call.awaits_decision else None)

    async def run_until(self, until: float, besides: Participant | None = None) -> None:
        """Run until a second, with one participant left alone."""
        while (scheduled := self._next(besides)) and scheduled.due <= until + ROUNDING:
            await self._proceed(scheduled, besides)
        self._advance(until)

    async def drain(self) -> None:
        """Run what the last caller left behind to its end; after any other caller, only what is due now."""
        last = not any(not isinstance(participant, OutboundCall) for participant in self.participants)
        limit = self.now + (MAX_DRAIN_SECONDS if last else 0.0)
        while (scheduled := self._next()) and scheduled.due <= limit:
            await self._proceed(scheduled)

    def save_recording(self, wait: SaveRecording, line: Line) -> RecordingResource:
        """Create a recording, and schedule its status callback."""
        recording = self.twilio.add_recording(line.leg.sid, wait.words, wait.seconds, wait.audio)
        self.status_callbacks.report_recording(recording, wait, line.transcript.clock)
        return recording

    def remove(self, participant: Participant) -> None:
        """Remove a participant whose call has ended."""
        self.participants.remove(participant)
        self.worker_ticks.request()
        if not isinstance(participant, OutboundCall):
            leg = participant.line.leg
            self.twilio.deletable.add(f"Calls/{leg.sid}")
            self.twilio.end_inbound_call(leg.sid)

    def _next(self, besides: Participant | None = None) -> Scheduled | None:
        self._place_calls()
        self._end_calls()
        ready = [one for one in self._scheduled(besides) if one.due < inf]
        return min(ready, key=lambda one: (one.due, one.priority), default=None)

    def _scheduled(self, besides: Participant | None) -> Iterator[Scheduled]:
        yield from self.status_callbacks.pending
        yield from (one for one in self.participants if one is not besides and one.pending)
        if self.worker_ticks.is_due:
            yield self.worker_ticks

    async def _proceed(self, scheduled: Scheduled, besides: Participant | None = None) -> None:
        self._advance(scheduled.due)
        sends_webhook = isinstance(scheduled, Participant) and isinstance(scheduled.pending, RequestTwiml)
        if sends_webhook and self.worker_ticks.is_late:
            await self.worker_ticks.proceed()
            return
        if not self.concurrent:
            await scheduled.proceed()
            return
        moment = scheduled.due, scheduled.priority
        await gather(*[one.proceed() for one in self._scheduled(besides) if (one.due, one.priority) == moment])

    def _advance(self, second: float) -> None:
        self._clock.seconds = max(self.now, second)

    def _place_calls(self) -> None:
        """Place the calls that were created through the REST API."""
        for resource in self.twilio.calls:
            if not resource.is_dialled:
                resource.is_dialled = True
                transcript = Transcript(resource.to, self.entries, self.now)
                self.participants.append(call := OutboundCall(self, self.webhooks.clone(), resource, transcript))
                if number := self.twilio.number(resource.to):
                    self._ring_number(number, call)
                call.start()

    def _ring_number(self, number: IncomingNumberResource, caller: OutboundCall) -> None:
        """Have a number of the account ring, which answers by its own document."""
        transcript = Transcript(caller.resource.sender, self.entries, self.now)
        self.participants.append(one := NumberCall(self, self.webhooks.clone(), number, caller, transcript))
        one.start()

    def _end_calls(self) -> None:
        """End the calls that were cancelled or completed through the REST API."""
        for call in self.outbound_calls:
            if call.resource.has_ended and call.pending:
                if isinstance(call.pending, Bridged):
                    call.pending.bridge.end(self.now, LINE)
                call.interrupt(EndedByApi())
