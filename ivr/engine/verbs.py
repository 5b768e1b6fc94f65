"""What we can do to a call, in no provider's words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence inside speech, in milliseconds."""

    milliseconds: int


Speech = tuple[str | Pause, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """Speak; the language is a tag such as en-GB."""

    speech: Speech
    language: str


@dataclass(frozen=True, slots=True)
class Play:
    """Play the sound at an address."""

    url: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Speak while listening: any key interrupts; then wait `timeout` seconds for `num_digits` keys."""

    say: tuple[Say | Play, ...]
    num_digits: int = 1
    timeout: int = 10


@dataclass(frozen=True, slots=True)
class ComeBack:
    """Ask the same step what to do, with nothing pressed."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring one number; `screen` names the step the answerer must get through first."""

    number: str
    seconds: int
    screen: str | None = None


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Have the caller wait in a queue of that name, hearing meanwhile what the step `waiting` says."""

    queue: str
    waiting: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Take the caller out of the queue they wait in, back to the step that put them there."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """On another's line: connect it with whoever waits in a queue, within so many seconds."""

    queue: str
    seconds: int = 5


@dataclass(frozen=True, slots=True)
class Record:
    """A tone, then record until a key, `silence` seconds of it, or `seconds` in all; news goes by the name `about`."""

    about: str
    seconds: int = 180
    silence: int = 5


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Verb = Say | Gather | ComeBack | Dial | Enqueue | Leave | Fetch | Record | Play | Hangup


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """All we do in reply to one event. Two turns are the same only if they are one object.

    Turns that depend on nothing of the call are made once, at start-up, and known again by identity.
    """

    verbs: tuple[Verb, ...]

    def after(self, says: tuple[Say, ...]) -> "Turn":
        """The same turn with something said first, inside the first wait so that a key interrupts it."""
        if not says:
            return self
        first, *rest = self.verbs or (None,)
        if isinstance(first, Gather):
            return Turn((Gather(says + first.say, first.num_digits, first.timeout), *rest))
        return Turn(says + self.verbs)
