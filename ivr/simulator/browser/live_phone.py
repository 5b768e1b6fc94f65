"""A telephone in real time: time passes as the page plays, and actions happen now."""

from collections.abc import Awaitable, Callable, Iterable
from functools import cached_property
from math import inf

from ivr.simulator.browser.recorded_actions import RecordedActions
from ivr.simulator.network.answers import HangUp, Key, RemoteHangUp, Silence
from ivr.simulator.network.callee import CALLEES
from ivr.simulator.network.waits import AwaitDigits, AwaitSpeech, IdleInQueue, PlaySounds, Ring, Talk, Wait
from ivr.simulator.phone import Phone

Speaks = Callable[[str], Awaitable[bytes]]
"""Returns a WAV file of words; an empty one where no voice is installed."""
MAX_RING_SECONDS = 25.0
"""How long a `<Dial>` rings until somebody who does not decide is taken not to answer."""
_INTERRUPTIBLE = PlaySounds | AwaitDigits | AwaitSpeech | Ring | Talk | IdleInQueue
"""Waits in which a caller can hang up; all others take no time."""


class LivePhone(Phone):
    """While `live`, the clock only advances by `listen`; otherwise it plays like any other phone.

    `silences` counts how often digits were awaited and none pressed.
    """

    live = False
    silences = 0
    speaks: Speaks | None = None
    """What makes audio of the words that the caller says."""

    @cached_property
    def recorded(self) -> RecordedActions:
        """The actions of this call."""
        return RecordedActions()

    @property
    def next_event(self) -> float:
        """The second at which something happens by itself, in this call or in any other."""
        return min(self._end_of_ring, self.carrier.next_due)

    async def listen(self, until: float) -> None:
        """Let time pass until a second of the simulated clock; it never goes back."""
        if (end := self._end_of_ring) <= until:
            await self.carrier.run_until(max(end, self.carrier.now))
            self.resume(CALLEES["no_answer"])
        await self.carrier.run_until(max(until, self.carrier.now))

    @property
    def _end_of_ring(self) -> float:
        return self.transcript.clock + MAX_RING_SECONDS if isinstance(self.pending, Ring) else inf

    async def act(self, answer: object = None, keys: Iterable[Key] = ()) -> None:
        """Act as the caller, now."""
        if self.live:
            await self._settle(answer)
        await super().act(answer, keys)

    def time_to_press(self, keys: str, *, after: str = "", named: bool = False, pause: float | None = None) -> float:
        """Return the second at which a scenario presses keys: see `Phone.presses`."""
        return super()._time_to_act(f"press {keys[0]}" if named else after, named=named, pause=pause)

    async def remote_hang_up(self) -> None:
        """Let the other party of the talk hang up."""
        if isinstance(self.pending, Talk) and self.pending.bridge:
            self.pending.bridge.end(self.carrier.now, self.pending.number)
            await self._run()
        elif isinstance(self.pending, Talk):
            await self.act(RemoteHangUp(self.carrier.now))

    async def _settle(self, answer: object) -> None:
        """Run to where the caller can act, and bring the clock of the leg up to now."""
        while isinstance(answer, HangUp) and self.ending is None and not isinstance(self.pending, _INTERRUPTIBLE):
            await self.carrier.run_until(max(self.due, self.carrier.now))
        if isinstance(self.pending, Talk | AwaitSpeech):
            self.line.advance((), max(self.carrier.now - self.transcript.clock, 0.0))

    async def _spoken(self, text: str) -> bytes:
        return await self.speaks(text) if self.speaks else b""

    async def _run(self) -> None:
        if self.live:
            await self.carrier.run_until(self.carrier.now)
        else:
            await super()._run()

    async def _answer(self, wait: Wait) -> object:
        answer = await super()._answer(wait)
        if isinstance(wait, AwaitDigits) and not wait.begun and isinstance(answer, Silence):
            self.silences += 1
            if self.live:
                self.transcript.note(self.transcript.ear, "stays silent", at=self.due)
        return answer

    def _end_of_talk(self, talk: Talk) -> float:
        """Return when a talk ends: never by itself, if somebody holds the other telephone."""
        lingers = self.live and talk.lingers and not talk.bridge
        return inf if lingers else super()._end_of_talk(talk)

    def _time_to_act(self, phrase: str = "", *, named: bool = False, pause: float | None = None) -> float:
        return self.carrier.now if self.live else super()._time_to_act(phrase, named=named, pause=pause)
