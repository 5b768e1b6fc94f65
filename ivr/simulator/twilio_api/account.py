"""A Twilio account: the resources that the fake REST API has created, and the faults it injects."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hmac import compare_digest
from itertools import chain, count, repeat
from urllib.parse import urldefrag, urlencode

import httpx2
from twilio.request_validator import RequestValidator

from ivr.simulator.exchanges import Observer
from ivr.simulator.twilio_api.connection_overrides import NO_CONNECTION, overrides_in
from ivr.simulator.twilio_api.faults import NO_FAULT, Fault
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.alert import AlertResource
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.message import MessageResource
from ivr.simulator.twilio_api.resources.queue import DEFAULT_MAX_SIZE, QueueResource
from ivr.simulator.twilio_api.resources.recording import RecordingResource, shortened
from ivr.simulator.twilio_api.resources.registration import RegistrationResource
from ivr.simulator.twilio_api.resources.serverless import ServiceResource

SENDER = "+447700900999"
CALLER_ID = "+441632960000"
ALL = "all resources"


class TwilioAccount:
    """One account, with everything that was created in it, so that tests can count what was really sent or called.

    Messages come from one of `senders`, calls from one of `caller_ids`: numbers that the account owns. Status callbacks
    of messages are sent over `transport`, or over the network without one.
    """

    def __init__(
        self,
        sid: str = ACCOUNT_SID,
        token: str = "token",  # noqa: S107  it opens nothing
        senders: tuple[str, ...] = (SENDER,),
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        caller_ids: tuple[str, ...] = (CALLER_ID, SENDER),
    ) -> None:
        self.sid, self.senders, self.caller_ids = sid, senders, caller_ids
        self.messages: list[MessageResource] = []
        self.received: list[MessageResource] = []
        """Messages that came in at numbers of the account, from another of them."""
        self.calls: list[CallResource] = []
        self.inbound: dict[str, CallResource] = {}
        """The calls that came in, by their SID."""
        self.recordings: list[RecordingResource] = []
        self.records_silence = False
        """True if nothing of whoever was called is to be heard in recordings of whole calls."""
        self.recorded: list[RecordingResource] = []
        """Every recording that was made, those too that the app has deleted since."""
        self.queues: list[QueueResource] = []
        self.status, self.type = "active", "Full"
        self.owner_sid, self.date_created = sid, clock()
        self.balance, self.currency = "250.00", "USD"
        self.incoming_numbers: list[IncomingNumberResource] = []
        self.verified_caller_ids: list[str] = []
        self.alerts: list[AlertResource] = []
        self.profiles: list[RegistrationResource] = []
        self.bundles: list[RegistrationResource] = []
        self.services: list[ServiceResource] = []
        self.building = 1, "completed"
        """How many looks at the status of a build find it building, and how it ends."""
        self.stale_reads = 0
        """How many reads after a deployment still get what was there before."""
        self.served_at = ""
        """The host and port at which everything is on the air, in the place of domains that nobody resolves."""
        self.deletable: set[str] = set()
        """Resources of which only the path is kept, such as `Calls/CA…` of an inbound call."""
        self.opted_out: set[str] = set()
        """Numbers that texted STOP: Twilio itself rejects messages to them."""
        self.requests: list[str] = []
        """Method and path of every request to the API, in order."""
        self.observe: Observer = lambda exchange: None
        """Is told of every request to the API, with its answer."""
        self.clock, self.transport = clock, transport
        self._faults: dict[str, Iterator[Fault]] = {ALL: repeat(NO_FAULT)}
        self._callbacks: set[asyncio.Task[None]] = set()
        self.token, self.secondary_token = token, ""
        """The primary token signs webhooks; either is taken with a request."""
        self._validator = RequestValidator(token)

    @property
    def may_show(self) -> set[str]:
        """The numbers (E.164) from which calls may be created: each incoming number of the account is one."""
        return {*self.caller_ids, *self.verified_caller_ids, *(one.number for one in self.incoming_numbers)}

    def inject(self, *faults: Fault) -> None:
        """Inject these faults into the next requests that create a message or create or update a call, in turn."""
        self.inject_from(chain(faults, repeat(NO_FAULT)))

    def inject_from(self, faults: Iterator[Fault], into: str = ALL) -> None:
        """Inject faults from an endless iterator; where `into` is `Messages` or `Calls`, only into requests for it."""
        self._faults[into] = faults

    def next_fault(self, resource: str) -> Fault:
        """Return the fault for the request that has just come for `Messages` or `Calls`."""
        return next(self._faults.get(resource, self._faults[ALL]))

    def is_authorized(self, authorization: str) -> bool:
        """Return whether an Authorization header carries the credentials of the account."""
        tokens = filter(None, (self.token, self.secondary_token))
        expected = (f"Basic {b64encode(f'{self.sid}:{one}'.encode()).decode()}" for one in tokens)
        return any([compare_digest(authorization, one) for one in expected])

    def signed(self, url: str, signature: str) -> bool:
        """Return whether somebody who asks for an address by GET signs it as this account does."""
        return compare_digest(self._validator.compute_signature(url, {}), signature)

    async def post_status(
        self, resource: MessageResource | CallResource, status: str, error_code: int | None = None
    ) -> None:
        """Set the status of a message or call, and post the signed status callback."""
        if isinstance(resource, MessageResource):
            resource.set_status(status, self.clock(), error_code)
            form = resource.status_callback_form(status, self.sid, error_code)
        else:
            resource.set_status(status)
            form = resource.status_callback_form(status, self.sid, self.clock())
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(urldefrag(resource.status_callback).url, form),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        await self._post(resource.status_callback, urlencode(form), headers)

    def schedule_callbacks(self, message: MessageResource, fault: Fault) -> None:
        """Start a task that posts the status callbacks of a message."""
        if fault.statuses and message.status_callback:
            task = asyncio.create_task(self._post_statuses(message, fault))
            self._callbacks.add(task)
            task.add_done_callback(self._callbacks.discard)

    async def callbacks_delivered(self) -> None:
        """Wait until all status callbacks have been posted."""
        await asyncio.gather(*self._callbacks, return_exceptions=True)

    async def _post(self, url: str, content: str, headers: dict[str, str]) -> None:
        """Post a webhook, again as its address asks; nobody is told when the last attempt fails."""
        overrides = overrides_in(url)
        async with httpx2.AsyncClient(transport=self.transport) as client:
            for attempt in count():
                try:
                    status = (await client.post(url, content=content, headers=headers)).status_code
                except httpx2.ConnectError:
                    failure = NO_CONNECTION
                else:
                    failure = f"{status // 100}xx"
                if not overrides.allow_retry(failure, attempt):
                    return

    def add_recording(self, call_sid: str, words: str, seconds: float, audio: bytes = b"") -> RecordingResource:
        """Add a recording of so many seconds, which cannot be fetched until its status is `completed`."""
        heard = shortened(audio, seconds) if audio else b""
        recording = RecordingResource(self.sid, call_sid, words, seconds, self.clock(), heard)
        self.recordings.append(recording)
        self.recorded.append(recording)
        return recording

    def add_call_recording(self, call_sid: str, seconds: float, audio: bytes) -> None:
        """Add the recording of a whole call that was created through the API, both sides in a channel of their own."""
        made = RecordingResource(self.sid, call_sid, "", seconds, self.clock(), audio, "completed", "OutboundAPI", 2)
        self.recordings.append(made)
        self.recorded.append(made)

    def number(self, e164: str) -> IncomingNumberResource | None:
        """Return a number of the account that sends its calls somewhere."""
        return next((one for one in self.incoming_numbers if one.number == e164 and one.voice_url), None)

    def add_inbound_call(self, sid: str, caller: str, called: str) -> None:
        """Add a call that has come in and is answered."""
        call = CallResource(called, caller, "", self.clock().replace(microsecond=0), direction="inbound", sid=sid)
        call.is_dialled, call.status = True, "in-progress"
        self.inbound[sid] = call

    def end_inbound_call(self, sid: str) -> None:
        """Record that a call that has come in is over, unless it was deleted."""
        if call := self.inbound.get(sid):
            call.set_status("completed", (self.clock() - call.date_created).total_seconds())

    def get_or_create_queue(self, name: str, max_size: int = DEFAULT_MAX_SIZE) -> QueueResource:
        """Return the queue of that name, created if there is none: `<Enqueue>` does so too."""
        queue = self.find_queue(name)
        if queue is None:
            self.queues.append(queue := QueueResource(name, max_size))
        return queue

    def find_queue(self, name: str) -> QueueResource | None:
        """Return the queue of that name, if there is one."""
        return next((queue for queue in self.queues if queue.name == name), None)

    def _deliver(self, message: MessageResource) -> None:
        """Have a message come in, where it goes to a number of the account."""
        if any(one.number == message.to for one in self.incoming_numbers):
            came = MessageResource(message.to, message.sender, message.body, "", self.clock().replace(microsecond=0))
            came.direction, came.status = "inbound", "received"
            self.received.append(came)

    async def _post_statuses(self, message: MessageResource, fault: Fault) -> None:
        for status in fault.statuses:
            await asyncio.sleep(fault.status_interval)
            failed = status in ("undelivered", "failed")
            if status == "delivered":
                self._deliver(message)
            await self.post_status(message, status, fault.error_code if failed else None)
