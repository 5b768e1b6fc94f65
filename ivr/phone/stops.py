"""Where a line stops to be told how to go on, and what it can be told.

The line itself asks nobody and waits for nothing: it yields one of these and is sent the answer.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from ivr.phone.bridge import Bridge
from ivr.phone.speech import Sound
from ivr.phone.verbs import Document


@dataclass(frozen=True)
class Ask:
    """Ask the app for a document; an answer nobody is left to hear is not read."""

    method: str
    url: str
    form: dict[str, str] = field(default_factory=dict)
    answer_read: bool = True


@dataclass(frozen=True)
class Load:
    """Fetch a sound, to be played."""

    url: str


@dataclass(frozen=True)
class Hold:
    """Sounds that no key interrupts."""

    sounds: tuple[Sound, ...]


@dataclass(frozen=True)
class Listen:
    """Speech that a key cuts short, then `timeout` seconds; `begun` when keys were pressed already."""

    sounds: tuple[Sound, ...]
    timeout: float
    begun: bool = False


@dataclass(frozen=True)
class Recording:
    """The caller may speak; `timeout` seconds of silence end it."""

    timeout: float


@dataclass(frozen=True)
class Keep:
    """Keep what was said in so many seconds, if anything was; `news` asks the app to take note of it."""

    words: str
    seconds: float
    events: frozenset[str] = frozenset()
    news: Ask | None = None


@dataclass(frozen=True, eq=False)
class Ring:
    """A number rings, and sees `shown` as the number that calls."""

    number: str
    shown: str


@dataclass(frozen=True)
class Talk:
    """The caller and the far end are connected; `lingers` when the caller may be the one to end it.

    It lasts `seconds` if the caller does not end it; over a `bridge`, until either end does.
    """

    number: str
    lingers: bool
    seconds: float = 0.0
    bridge: Bridge | None = None


@dataclass(frozen=True)
class Join:
    """Stand in a queue of that name, unless `most` others do."""

    queue: str
    most: int


@dataclass(frozen=True)
class Idle:
    """All that there is to hear in a queue was heard, and nothing listened."""


@dataclass(frozen=True)
class Take:
    """Connect this end with the first in a queue, within `timeout` seconds and for `longest` at most."""

    queue: str
    timeout: float
    longest: float


@dataclass(frozen=True)
class Joined:
    """This end talks with somebody from a queue."""

    bridge: Bridge


Stop = Ask | Load | Hold | Listen | Recording | Keep | Ring | Talk | Join | Idle | Take | Joined


@dataclass(frozen=True)
class Key:
    """A key, and the second of the call at which it is pressed."""

    key: str
    at: float


@dataclass(frozen=True)
class Silence:
    """Nothing is done until the waiting is over."""


@dataclass(frozen=True)
class HangUp:
    """This end puts the receiver down, `at` a second of the call."""

    at: float


@dataclass(frozen=True)
class LetGo:
    """The other end of a talk puts the receiver down, `at` a second of the call."""

    at: float


@dataclass(frozen=True)
class Voice:
    """Words spoken into a recording, and how it ends: a key, putting the receiver down, or silence."""

    text: str
    key: str = ""
    hangs_up: bool = False


class Way(Enum):
    """How a verb, a document or a whole leg came to its end."""

    ON = auto()
    """The next verb follows."""
    RAN_OUT = auto()
    """No verb was left."""
    HUNG_UP = auto()
    """The document ended the call."""
    GONE = auto()
    """The person at this end put the receiver down."""
    FAILED = auto()
    """The app failed, and nothing else was left to play."""
    LEFT = auto()
    """The document took the caller out of the queue."""


Next = Ask | Document | Way


class Taken(Exception):
    """Thrown into a play that waits in a queue: somebody has come for the caller."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        super().__init__(bridge)


class Ended(Exception):
    """Thrown into the play of a call that the app ends through the office."""


# What is sent back depends on the stop, which Python's types cannot say: a Document or an ApplicationFailure for Ask,
# seconds or an ApplicationFailure for Load, a FarEnd for Ring, a Place (or None) for Join, a Bridge or a status for
# Take, a Recording of the office for Keep.
Play = Generator[Stop, Any, Next]
