"""Where a line stops to be told how to go on, and what it can be told.

The line itself asks nobody and waits for nothing: it yields one of these and is sent the answer.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

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
class Ring:
    """A number rings, and sees `shown` as the number that calls."""

    number: str
    shown: str


@dataclass(frozen=True)
class Talk:
    """The caller and the far end are connected; `lingers` when the caller may be the one to end it."""

    number: str
    lingers: bool


Stop = Ask | Listen | Recording | Ring | Talk


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


Next = Ask | Document | Way


# What is sent back depends on the stop, which Python's types cannot say: a Document or an ApplicationFailure for Ask,
# a FarEnd for Ring.
Play = Generator[Stop, Any, Next]
