"""What an interpreter waits for.

An interpreter does no input or output. It is a generator that yields one of these waits and is sent the answer: one of
network/answers.py, or a resource.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf
from typing import Any

from ivr.simulator.network.bridge import Bridge
from ivr.simulator.twiml.timing import Sound
from ivr.simulator.twiml.verbs import Document


@dataclass(frozen=True)
class RequestTwiml:
    """Request a document from the app. After a hang-up the answer is not read, as nobody hears it."""

    method: str
    url: str
    form: dict[str, str] = field(default_factory=dict)
    answer_read: bool = True


@dataclass(frozen=True)
class FetchAudio:
    """Fetch the audio of a `<Play>`."""

    url: str


@dataclass(frozen=True)
class PlaySounds:
    """Play sounds that no key interrupts; `digits` if they are tones, a `w` being half a second of silence."""

    sounds: tuple[Sound, ...]
    digits: str = ""


@dataclass(frozen=True)
class AwaitDigits:
    """Play sounds that a key interrupts, then wait `timeout` seconds; `begun` once a key was pressed."""

    sounds: tuple[Sound, ...]
    timeout: float
    begun: bool = False


@dataclass(frozen=True)
class AwaitSpeech:
    """Record the caller until `timeout` seconds of silence."""

    timeout: float


@dataclass(frozen=True)
class SaveRecording:
    """Save a recording; `callback` is the request for its status callback, sent for these `events`."""

    words: str
    seconds: float
    events: frozenset[str] = frozenset()
    callback: RequestTwiml | None = None
    audio: bytes = b""


@dataclass(frozen=True)
class AwaitAnswer:
    """Ring a number of the account itself, for `timeout` seconds at most."""

    timeout: float


@dataclass(frozen=True, eq=False)
class Ring:
    """Ring a number, showing it a caller id, for `timeout` seconds at most."""

    number: str
    caller_id: str
    timeout: float = inf


@dataclass(frozen=True)
class Talk:
    """Talk with a callee for `seconds`, over a `bridge` until that is over; if it `lingers` the caller may end it."""

    number: str
    lingers: bool
    seconds: float = 0.0
    bridge: Bridge | None = None


@dataclass(frozen=True)
class JoinQueue:
    """Join a queue, unless it has `max_size` members."""

    queue: str
    max_size: int


@dataclass(frozen=True)
class IdleInQueue:
    """Wait in a queue whose `waitUrl` document has run out without a `<Gather>`."""


@dataclass(frozen=True)
class DequeueCaller:
    """Take the first caller out of a queue, within `timeout` seconds, to talk for `time_limit` seconds at most."""

    queue: str
    timeout: float
    time_limit: float


@dataclass(frozen=True)
class Bridged:
    """Talk with a caller who was taken out of a queue."""

    bridge: Bridge


Wait = (
    RequestTwiml
    | FetchAudio
    | PlaySounds
    | AwaitDigits
    | AwaitSpeech
    | SaveRecording
    | AwaitAnswer
    | Ring
    | Talk
    | JoinQueue
    | IdleInQueue
    | DequeueCaller
    | Bridged
)


class Ending(Enum):
    """How a verb, a document or a leg ended."""

    CONTINUE = auto()
    """The next verb follows."""
    END_OF_DOCUMENT = auto()
    """No verb is left."""
    APP_HUNG_UP = auto()
    """A `<Hangup>` or `<Reject>` ended the call."""
    PARTY_HUNG_UP = auto()
    """The person at this end hung up."""
    FAILED = auto()
    """The app failed, and there was no fallback left."""
    LEFT_QUEUE = auto()
    """A `<Leave>` took the caller out of the queue."""


NextStep = RequestTwiml | Document | Ending


# What is sent back depends on the wait, which Python's types cannot say: a Document or an ApplicationFailure for
# RequestTwiml, seconds or an ApplicationFailure for FetchAudio, a Callee for Ring, whether anybody answered for
# AwaitAnswer, a QueueMember (or None) for JoinQueue, a Bridge or a DialCallStatus for DequeueCaller, a
# RecordingResource for SaveRecording.
Execution = Generator[Wait, Any, NextStep]
