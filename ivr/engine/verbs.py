"""What can be done to a call, independent of the provider."""

from msgspec import Struct


class Pause(Struct, frozen=True):
    """Silence inside speech, in milliseconds."""

    milliseconds: int


Speech = tuple[str | Pause, ...]


class Say(Struct, frozen=True):
    """Speak; the language is a tag such as en-GB."""

    speech: Speech
    language: str


class Play(Struct, frozen=True):
    """Play the sound at an address."""

    url: str


class Gather(Struct, frozen=True):
    """Speak while listening: any key interrupts; then wait `timeout` seconds for `num_digits` keys."""

    say: tuple[Say | Play, ...]
    num_digits: int = 1
    timeout: int = 10


class Redirect(Struct, frozen=True):
    """Request the next turn from the same step, with nothing pressed."""


class Dial(Struct, frozen=True):
    """Ring one number; `screen` names the step the answerer must get through first."""

    number: str
    seconds: int
    screen: str | None = None


class Enqueue(Struct, frozen=True):
    """Have the caller wait in a queue of that name, hearing meanwhile what the step `waiting` says."""

    queue: str
    waiting: str


class Leave(Struct, frozen=True):
    """Take the caller out of the queue they wait in, back to the step that put them there."""


class DialQueue(Struct, frozen=True):
    """On an adviser's leg: connect it with the caller who waits in a queue, within so many seconds."""

    queue: str
    seconds: int = 5


class Record(Struct, frozen=True):
    """Record after a tone, until a key, `silence` seconds of it, or `seconds` in all; `about` names it in callbacks."""

    about: str
    seconds: int = 180
    silence: int = 5


class Hangup(Struct, frozen=True):
    """End the call: what stands behind it in a turn is never done."""


Verb = Say | Gather | Redirect | Dial | Enqueue | Leave | DialQueue | Record | Play | Hangup


class Turn(Struct, frozen=True, eq=False):
    """All that is done in reply to one event. Two turns are equal only if they are one object.

    Turns that depend on nothing of the call are made once, at start-up, and compared by identity.
    """

    verbs: tuple[Verb, ...]

    @property
    def ends_call(self) -> bool:
        """Whether we hang up at its end."""
        return bool(self.verbs) and isinstance(self.verbs[-1], Hangup)

    def before_goodbye(self) -> "Turn":
        """Return the turn without the goodbye at its end, if there is one."""
        return Turn(self.verbs[:-2]) if self.ends_call else self

    def after(self, says: tuple[Say, ...]) -> "Turn":
        """Return the turn with something said first, inside the first wait so that a key interrupts it."""
        if not says:
            return self
        first, *rest = self.verbs or (None,)
        if isinstance(first, Gather):
            return Turn((Gather(says + first.say, first.num_digits, first.timeout), *rest))
        return Turn(says + self.verbs)
