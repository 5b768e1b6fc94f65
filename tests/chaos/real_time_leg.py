"""A call leg in real time: it really waits, scaled, where the simulator otherwise only advances a counter."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from typing import Any

from ivr.simulator.network.answers import Dequeued, HangUp, Key, Silence, Speech
from ivr.simulator.network.bridge import Bridge
from ivr.simulator.network.callee import CALLEES, Callee
from ivr.simulator.network.line import Line
from ivr.simulator.network.waits import (
    AwaitDigits,
    AwaitSpeech,
    Bridged,
    DequeueCaller,
    Ending,
    FetchAudio,
    JoinQueue,
    PlaySounds,
    RequestTwiml,
    Ring,
    SaveRecording,
    Talk,
    Wait,
)
from ivr.simulator.network.webhooks import Webhook
from ivr.simulator.twilio_api.resources.queue import DEFAULT_MAX_SIZE, QueueMember
from ivr.simulator.twilio_api.resources.recording import RecordingResource as ProviderRecording
from ivr.simulator.twiml.errors import ApplicationFailure
from ivr.simulator.twiml.timing import duration
from ivr.simulator.twiml.verbs import Document
from tests.chaos.environment import TIME_SCALE, Environment

Playback = Generator[Wait, Any, Ending]
BEHAVIOURS = ("accepts", "accepts", "accepts", "no_answer", "busy", "declines", "mailbox")
"""Behaviours of callees, each as often as it is to be drawn."""
RECORDING_CALLBACK_DELAY = 2.0
"""Simulated seconds from the end of a recording to its status callback."""


class RealTimeLeg:
    """Plays one leg; a subclass decides what is pressed (`key_press`) and what is recorded (`speak`)."""

    def __init__(self, environment: Environment, line: Line) -> None:
        self.environment, self.line, self.webhooks = environment, line, environment.webhook_client()
        self._dequeued: asyncio.Future[Bridge] = asyncio.get_running_loop().create_future()
        self.talked = False
        self.pending_callbacks: set[asyncio.Task[None]] = set()

    async def play(self, playback: Playback) -> Ending:
        """Play the call to its end and return how it ended."""
        resume: Callable[[], Wait] = partial(next, playback)
        while True:
            try:
                stop = resume()
            except StopIteration as end:
                return Ending(end.value)
            resume = await self._advance(playback, stop)

    def key_press(self, listen: AwaitDigits) -> tuple[str, float] | None:
        """Return the key to press and the seconds before it; None to press nothing."""
        return None

    def hang_up(self, listen: AwaitDigits) -> float | None:
        """Return the seconds after which this party hangs up; None to stay."""
        return None

    def speak(self) -> Speech | Silence:
        """Return what is spoken into a recording."""
        return Silence()

    async def _advance(self, playback: Playback, stop: Wait) -> Callable[[], Wait]:
        await self.environment.sleep_until(self.line.transcript.clock)
        self.line.transcript.clock = max(self.line.transcript.clock, self.environment.now)
        try:
            answer = await self._handle(stop)
        except Dequeued as taken:
            sounds = stop.sounds if isinstance(stop, PlaySounds | AwaitDigits) else ()
            self.line.advance(sounds, max(0.0, self.environment.now - self.line.transcript.clock))
            return partial(playback.throw, taken)
        return partial(playback.send, answer)

    async def _handle(self, stop: Wait) -> object:
        match stop:
            case RequestTwiml() | FetchAudio():
                return await self._request(stop)
            case PlaySounds(sounds):
                await self._wait(duration(sounds))
            case AwaitDigits():
                return await self._listen(stop)
            case AwaitSpeech():
                return self.speak()
            case SaveRecording():
                return self._store_recording(stop)
            case Ring():
                return self._random_callee()
            case Talk(seconds=seconds, bridge=bridge):
                self.talked = True
                await self.environment.sleep_until(bridge.over if bridge else self.line.transcript.clock + seconds)
            case JoinQueue(queue, most):
                return self._enqueue(queue, most)
            case DequeueCaller(queue):
                return self._dequeue(queue)
            case Bridged(bridge):
                await self.environment.sleep_until(bridge.over)
        return Silence()

    async def _wait(self, seconds: float) -> None:
        """Wait; raise Dequeued when an adviser takes this leg out of a queue meanwhile."""
        waited = asyncio.create_task(self.environment.sleep_until(self.line.transcript.clock + seconds))
        either: list[asyncio.Future[Any]] = [waited, self._dequeued]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        waited.cancel()
        self._raise_if_dequeued()

    def _raise_if_dequeued(self) -> None:
        if self._dequeued.done():
            bridge, self._dequeued = self._dequeued.result(), asyncio.get_running_loop().create_future()
            raise Dequeued(bridge)

    async def _request(self, stop: RequestTwiml | FetchAudio) -> Document | float | ApplicationFailure:
        response: Document | float | ApplicationFailure
        try:
            if isinstance(stop, RequestTwiml):
                response = await self.webhooks.fetch_twiml(stop)
            else:
                response = await self.webhooks.fetch_audio(stop.url)
        except ApplicationFailure as failure:
            response = failure
        self._raise_if_dequeued()
        return response

    async def _listen(self, listen: AwaitDigits) -> Key | Silence | HangUp:
        if (stays := self.hang_up(listen)) is not None:
            until = self.line.transcript.clock + stays
            await self._wait(stays)
            return HangUp(until)
        pressed = self.key_press(listen)
        if pressed is None:
            await self._wait(duration(listen.sounds) + listen.timeout)
            return Silence()
        key, after = pressed
        at = self.line.transcript.clock + after
        await self._wait(after)
        return Key(key, at)

    def _store_recording(self, keep: SaveRecording) -> ProviderRecording:
        recording = self.environment.provider_api.add_recording(self.line.leg.sid, keep.words, keep.seconds)
        if keep.words:
            self.environment.messages.append(recording)
        task = asyncio.create_task(self._send_recording_status(recording, keep))
        self.pending_callbacks.add(task)
        task.add_done_callback(self.pending_callbacks.discard)
        return recording

    async def _send_recording_status(self, recording: ProviderRecording, keep: SaveRecording) -> None:
        status = "completed" if keep.words else "absent"
        await asyncio.sleep(RECORDING_CALLBACK_DELAY / TIME_SCALE)
        recording.status = status
        if keep.callback and status in keep.events:
            about = {name: keep.callback.form[name] for name in ("AccountSid", "CallSid")}
            form = about | {"RecordingStatus": status} | recording.status_callback_form()
            await self.send_status(Webhook(keep.callback.method, keep.callback.url, form))

    async def send_status(self, callback: Webhook) -> None:
        """Send a status callback once; like the provider, ignore whether it arrives."""
        with suppress(ApplicationFailure):
            await self.webhooks.notify(callback)

    def _random_callee(self) -> Callee:
        return CALLEES[self.environment.random.choice(BEHAVIOURS)]

    def _enqueue(self, name: str, most: int) -> QueueMember | None:
        queue = self.environment.provider_api.get_or_create_queue(name, most)
        if len(queue.members) >= min(most, DEFAULT_MAX_SIZE):
            return None
        place = QueueMember(queue, self.line.leg.sid, self.line.transcript.clock, self._connect)
        queue.members.append(place)
        return place

    def _connect(self, bridge: Bridge) -> None:
        if not self._dequeued.done():
            self._dequeued.set_result(bridge)

    def _dequeue(self, name: str) -> Bridge | str:
        queue = self.environment.provider_api.find_queue(name)
        if queue is None:
            return "failed"
        if not queue.members:
            return "no-answer"
        place, now = queue.members[0], self.environment.now
        place.leave(now)
        bridge = Bridge(self.line.ear, place.call_sid, now, CALLEES["accepts"].talks / 2, lingers=False)
        self.line.transcript.note_connected(self.line.ear, now)
        place.dequeue(bridge)
        return bridge
