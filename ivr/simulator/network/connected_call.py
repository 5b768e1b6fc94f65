"""Two calls that are one: a call created through the API, and the one that it is at a number of the same account.

Each executes documents of its own, and hears what the other plays: keys, words, and that it has hung up.
"""

from bisect import insort
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ivr.simulator.network.answers import HangUp, Key, Silence, Speech
from ivr.simulator.network.line import Line
from ivr.simulator.network.participant import Network, Participant
from ivr.simulator.network.tones import Span, tone
from ivr.simulator.network.waits import (
    AwaitDigits,
    AwaitSpeech,
    Bridged,
    Ending,
    IdleInQueue,
    PlaySounds,
    Ring,
    Talk,
    Wait,
)
from ivr.simulator.network.webhooks import WebhookClient
from ivr.simulator.transcript import LINE
from ivr.simulator.twiml.timing import duration
from ivr.simulator.twiml.verbs import TONE_SECONDS

PAUSE_KEY = "w"
"""Half a second of silence among tones: https://www.twilio.com/docs/voice/twiml/play#attributes-digits"""
ENDED_BY_A_HANGUP = AwaitDigits | AwaitSpeech | IdleInQueue | PlaySounds | Ring | Talk


@dataclass(frozen=True)
class Words:
    """What the other side has said, from one second of the simulated clock to another."""

    text: str
    since: float
    until: float


class ConnectedCall(Participant):
    """A call that may have a `peer`; `spoken` are the spans in which it was to be heard."""

    def __init__(self, carrier: Network, webhooks: WebhookClient, line: Line) -> None:
        super().__init__(carrier, webhooks, line)
        self.peer: ConnectedCall | None = None
        self.spoken: list[Span] = []
        self._keys: deque[Key] = deque()
        self._words: list[Words] = []
        self._peer_has_gone = False

    @property
    def due(self) -> float:
        """The second at which a key of the peer is heard, or the pending wait ends by itself."""
        match self.pending:
            case AwaitDigits() if key := self._next_key(self.pending):
                return key.at
            case AwaitSpeech(timeout) if self.peer:
                return self._speech_ends(timeout)
        return super().due

    def hear(self, wait: PlaySounds, text: str, at: float) -> None:
        """Hear what the peer plays from a second on."""
        if text:
            self._words.append(Words(text, at, at + duration(wait.sounds)))
        for place, key in enumerate(wait.digits):
            if key != PAUSE_KEY:
                insort(self._keys, Key(key, at + TONE_SECONDS * (place + 1)), key=lambda one: one.at)

    def peer_hung_up(self) -> None:
        """Be told that the peer is gone."""
        self._peer_has_gone = True
        self._hang_up_with_peer()

    def _hang_up_with_peer(self) -> None:
        now = self.carrier.now
        match self.pending:
            case Bridged(bridge):
                bridge.end(now, bridge.number)
            case AwaitSpeech() if self._said():
                self.resume(self._speech(now, hangs_up=True))
            case wait if isinstance(wait, ENDED_BY_A_HANGUP):
                self.resume(HangUp(max(now, self.line.transcript.clock)))

    def _begin(self, wait: Wait) -> None:
        super()._begin(wait)
        if self.peer is None:
            return
        clock = self.line.transcript.clock
        if isinstance(wait, AwaitDigits | AwaitSpeech):
            while self._keys and self._keys[0].at < clock:
                self.line.transcript.note(LINE, f"nothing listened for {self._keys.popleft().key}: it is lost")
        if isinstance(wait, AwaitSpeech):
            self._words = [one for one in self._words if one.until > clock]
        if isinstance(wait, PlaySounds):
            self.peer.hear(wait, " ".join(sound.text for sound in wait.sounds if sound.text), clock)
        if self._peer_has_gone:
            self._hang_up_with_peer()

    async def _answer(self, wait: Wait) -> object:
        if isinstance(wait, AwaitDigits) and (key := self._next_key(wait)):
            return self._keys.popleft() if key else Silence()
        if isinstance(wait, AwaitSpeech) and self.peer:
            key = self._key_after_words()
            if key:
                self._keys.popleft()
            return self._speech(key.at if key else self._said()[-1].until, key) if self._said() else Silence()
        return await super()._answer(wait)

    def _step(self, step: Callable[[], Wait]) -> None:
        wait, since = self.pending, self.line.transcript.clock
        super()._step(step)
        if isinstance(wait, PlaySounds | AwaitDigits):
            self._note_spoken(wait, since)

    def _note_spoken(self, wait: PlaySounds | AwaitDigits, at: float) -> None:
        until = self.line.transcript.clock
        is_tone = isinstance(wait, PlaySounds) and bool(wait.digits)
        for sound in wait.sounds:
            if sound.text or is_tone:
                self.spoken.append((at, min(at + sound.seconds, until)))
            at += sound.seconds

    def _end(self, ending: Ending) -> None:
        super()._end(ending)
        if self.peer and self.peer.ending is None:
            self.peer.peer_hung_up()

    def _next_key(self, wait: AwaitDigits) -> Key | None:
        until = self.line.transcript.clock + duration(wait.sounds) + wait.timeout
        return self._keys[0] if self._keys and self._keys[0].at <= until else None

    def _key_after_words(self) -> Key | None:
        return self._keys[0] if self._keys and self._keys[0].at >= self.line.transcript.clock else None

    def _said(self) -> list[Words]:
        return [one for one in self._words if one.since <= self.carrier.now]

    def _speech_ends(self, timeout: float) -> float:
        if key := self._key_after_words():
            return key.at
        return max([self.line.transcript.clock, *(one.until for one in self._words)]) + timeout

    def _speech(self, until: float, key: Key | None = None, *, hangs_up: bool = False) -> Speech:
        """Return what was recorded until then: a tone where somebody spoke, silence where nobody did."""
        clock, said = self.line.transcript.clock, self._said()
        spans = [(one.since - clock, min(one.until, until) - clock) for one in said]
        audio = tone([spans], until - clock)
        return Speech(" ".join(one.text for one in said), key.key if key else "", hangs_up, audio)
