"""The probes of a test call: each rings where it is told, and says what it found."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from ivr.canary.call import EVERY, Caller, Placed, Sleep
from ivr.canary.sound import ENOUGH, samples, seconds_of_sound, silent
from ivr.canary.ways import Way
from ivr.errors import InvalidToken
from ivr.helpline.canary import Probe, ProbeResult, failed, passed
from ivr.store import canary_traces
from ivr.store.canary_events import CanaryEvent
from ivr.store.database import Store
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.rest import Provider
from ivr.telephony.scripted_call import Listen

THEIRS = 0
"""The channel of whoever was called: https://www.twilio.com/docs/voice/tutorials/call-recording"""
COMPLETED = "completed"
SLACK = 45.0
"""Seconds that a call may take longer than its script, ringing included."""
COMES_WITHIN = 90.0
"""Seconds for a text, a recording and an adviser's telephone: callers are promised no less."""
Found = TypeVar("Found")


@dataclass(frozen=True)
class Probes:
    """What the probes need; `number` is the one that rings (E.164), `ways` are the keys that were found."""

    store: Store
    provider: Provider
    caller: Caller
    number: str
    ways: Mapping[Probe, Way]
    clock: Callable[[], datetime]
    sleep: Sleep

    async def call(self, probe: Probe) -> tuple[list[ProbeResult], Placed | None]:
        """Ring by the way of another probe, recorded; return whether it was answered, and what was heard."""
        way = self.ways[probe]
        placed = await self.caller.ring(way.acts, way.seconds + SLACK, record=True)
        if placed.status != COMPLETED:
            return [failed(Probe.call, f"the call ended as “{placed.status}”")], None
        if not placed.events:
            return [failed(Probe.call, "the call was answered, but not by this helpline")], None
        return [passed(Probe.call, "answered, and ended as it should"), await self._sound(placed, way)], placed

    async def deadline(self, placed: Placed) -> ProbeResult:
        """Tell whether the step was reached where the last day is said, and whether it is the right one."""
        way = self.ways[Probe.deadline]
        if way.at not in placed.steps:
            last = placed.events[-1].steps[-1]
            return failed(Probe.deadline, f"{way.at} was not reached; the last step was {last}")
        said = {event.last_day for event in placed.events if event.last_day}
        if way.last_day and said != {way.last_day}:
            return failed(Probe.deadline, f"{way.at} said {_days(said)}, not {way.last_day:%d %b %Y}")
        day = f", {way.last_day:%d %b %Y}" if way.last_day else ""
        return passed(Probe.deadline, f"{way.at} was reached, and the last day said{day}")

    async def text(self) -> ProbeResult:
        """Ask for a text, and look for it among those that the number has received."""
        way, since = self.ways[Probe.text], self.clock()
        await self.caller.ring(way.acts, way.seconds + SLACK)
        async with self.store.read() as db:
            asked_for = await canary_traces.text(db, self.store.cipher, since)
        if asked_for is None:
            return failed(Probe.text, f"no text was asked for at {way.at}")
        body = asked_for.body
        if came := await self._within(lambda: self.provider.received(self.number, body, since)):
            for sid in came:
                await self.provider.delete("message", sid)
            return passed(Probe.text, "it came, in our words")
        async with self.store.read() as db:
            now = await canary_traces.text(db, self.store.cipher, since)
        state = now.state if now else "gone"
        return failed(Probe.text, f"it did not come within {COMES_WITHIN:.0f} seconds; in our outbox it is “{state}”")

    async def message(self) -> ProbeResult:
        """Leave a message; see that it is here and can be decrypted, and have it deleted at the provider."""
        way, since = self.ways[Probe.message], self.clock()
        await self.caller.ring(way.acts, way.seconds + SLACK)

        async def is_here() -> canary_traces.TestMessage | None:
            async with self.store.read() as db:
                left = await canary_traces.message(db, self.store.cipher, since)
            return left if left and left.audio else None

        try:
            left = await self._within(is_here)
        except InvalidToken:
            return failed(Probe.message, "its audio cannot be decrypted")
        if left is None or left.audio is None:
            return failed(Probe.message, f"no recording of it was fetched within {COMES_WITHIN:.0f} seconds")
        heard, rate = samples(left.audio, 0)
        if seconds_of_sound(heard, rate) < ENOUGH:
            return failed(Probe.message, "its recording is silence")
        if left.recording:
            await self.provider.delete("recording", left.recording)
        return passed(Probe.message, "recorded, fetched, decrypted, and deleted at the provider")

    async def adviser(self) -> ProbeResult:
        """Ask for an adviser, and see that the second number is rung and takes the call."""
        way, since = self.ways[Probe.adviser], self.clock()

        async def hunt() -> tuple[bool, bool]:
            async with self.store.read() as db:
                return await canary_traces.hunt(db, since)

        async def is_taken(events: Sequence[CanaryEvent]) -> bool:
            return any(event.put_through for event in events) or (await hunt())[1]

        placed = await self.caller.ring(
            (*way.acts, Listen(round(COMES_WITHIN))), COMES_WITHIN + SLACK, is_done=is_taken
        )
        if await is_taken(placed.events):
            return passed(Probe.adviser, "a telephone was rung, heard the whisper, and took the call")
        if not (await hunt())[0]:
            where = placed.events[-1].steps[-1] if placed.events else "nowhere"
            return failed(Probe.adviser, f"no telephone was rung, or none took the call; it came to {where}")
        return failed(Probe.adviser, "the call was offered, and the telephone did not take it")

    async def _sound(self, placed: Placed, way: Way) -> ProbeResult:
        async def is_complete() -> str:
            found = await self.provider.recordings_of_call(placed.sid)
            return next((one.sid for one in found if one.is_complete), "")

        sid = await self._within(is_complete)
        if not sid:
            return failed(Probe.sound, "the provider has no recording of the call")
        audio = await self.provider.recording(sid)
        await self.provider.delete("recording", sid)
        return await asyncio.to_thread(judge, audio, way)

    async def _within(self, look: Callable[[], Awaitable[Found]]) -> Found | None:
        """Return what is found within the time there is, None if nothing is; what fails meanwhile is asked again."""
        for place in range(round(COMES_WITHIN / EVERY)):
            if place:
                await self.sleep(EVERY)
            try:
                if found := await look():
                    return found
            except ProviderError:
                continue
        return None


def judge(audio: bytes, way: Way) -> ProbeResult:
    """Return whether our side of a recorded call is to be heard wherever it was listened to."""
    try:
        heard, rate = samples(audio, THEIRS)
    except ValueError as error:
        return failed(Probe.sound, str(error))
    if seconds_of_sound(heard, rate) < ENOUGH:
        return failed(Probe.sound, "our side of the call is silence")
    length = len(heard) / rate
    quiet = silent(heard, rate, [(begins, ends) for begins, ends in way.listening if ends <= length])
    if quiet:
        begins, ends = quiet[0]
        return failed(Probe.sound, f"nothing is heard from second {begins:.0f} to {ends:.0f}")
    return passed(Probe.sound, f"{seconds_of_sound(heard, rate):.0f} seconds of speech, between key presses too")


def _days(days: set[date]) -> str:
    return " and ".join(sorted(f"{day:%d %b %Y}" for day in days)) or "nothing"
