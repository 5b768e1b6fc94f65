"""What an interpreter is sent by people: what they do at a wait, and what interrupts it."""

from dataclasses import dataclass

from ivr.simulator.network.bridge import Bridge
from ivr.simulator.twiml.timing import speech, wav_duration


@dataclass(frozen=True)
class Key:
    """A key pressed `at` a second of the simulated clock."""

    key: str
    at: float


@dataclass(frozen=True)
class Silence:
    """Nothing was done until the wait was over."""


@dataclass(frozen=True)
class HangUp:
    """This party hangs up `at` a second of the simulated clock."""

    at: float


@dataclass(frozen=True)
class RemoteHangUp:
    """The other party of a talk hangs up `at` a second of the simulated clock."""

    at: float


@dataclass(frozen=True)
class Speech:
    """Words spoken into a recording, ended by a key, by hanging up, or by silence; `audio` is a WAV file of them."""

    text: str
    key: str = ""
    hangs_up: bool = False
    audio: bytes = b""

    @property
    def seconds(self) -> float:
        """How long it takes: as long as the audio, or at 150 words per minute where there is none."""
        return wav_duration(self.audio) or speech(self.text).seconds


class Dequeued(Exception):
    """Thrown into an execution that waits in a queue: somebody has taken the caller."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        super().__init__(bridge)


class EndedByApi(Exception):
    """Thrown into the execution of a call that the app ends through the REST API."""
