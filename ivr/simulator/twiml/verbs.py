"""The TwiML verbs that the simulator executes, with Twilio's defaults (https://www.twilio.com/docs/voice/twiml)."""

from dataclasses import dataclass, field

from ivr.simulator.twiml.prompts import SayOrigin
from ivr.simulator.twiml.timing import Sound, silence

AUDIO_SECONDS = 5.0
"""The assumed length of audio whose length is unknown."""
TONE_SECONDS = 0.5
"""The length of one DTMF tone."""


@dataclass(frozen=True)
class Say:
    """Speak text, `loop` times."""

    once: tuple[Sound, ...]
    loop: int = 1
    origin: SayOrigin | None = field(default=None, compare=False, repr=False)

    @property
    def sounds(self) -> tuple[Sound, ...]:
        return self.once * self.loop

    @property
    def text(self) -> str:
        said = " ".join(sound.text for sound in self.once if sound.text)
        return said if self.loop == 1 else f"{said} ({self.loop} times)"


@dataclass(frozen=True)
class Play:
    """Play audio from a URL, or DTMF tones."""

    audio: str
    digits: str = ""
    loop: int = 1
    seconds: float = AUDIO_SECONDS

    @property
    def sounds(self) -> tuple[Sound, ...]:
        if self.digits:
            return (silence(TONE_SECONDS * len(self.digits) * self.loop),)
        return (silence(self.seconds * self.loop, voice=True),)

    @property
    def text(self) -> str:
        return f"(tones {self.digits})" if self.digits else f"(recording {self.audio})"


@dataclass(frozen=True)
class Pause:
    """Wait in silence for `length` seconds."""

    length: int = 1

    @property
    def sounds(self) -> tuple[Sound, ...]:
        return (silence(self.length),)

    @property
    def text(self) -> str:
        return ""


Speakable = Say | Play | Pause


def origin_of(verb: Speakable) -> SayOrigin | None:
    """Return where words come from; None for what has no words of the app."""
    return verb.origin if isinstance(verb, Say) else None


@dataclass(frozen=True)
class Gather:
    """Collect digits while speaking, and for `timeout` seconds after the last word or digit.

    Without `action` the document's own URL is requested; without `num_digits` any number of digits is collected; an
    empty `finish_on_key` makes `#` a digit like the others.
    """

    nested: tuple[Speakable, ...] = ()
    action: str | None = None
    method: str = "POST"
    timeout: int = 5
    num_digits: int | None = None
    finish_on_key: str = "#"
    action_on_empty_result: bool = False


@dataclass(frozen=True)
class DialNumber:
    """One number to ring; the document at `url` is executed for whoever answers before they are connected."""

    number: str
    url: str | None = None
    method: str = "POST"


@dataclass(frozen=True)
class Dial:
    """Ring numbers, all at once unless `sequential`, and connect the first that answers; or the first in a `queue`."""

    numbers: tuple[DialNumber, ...]
    action: str | None = None
    method: str = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller_id: str | None = None
    hangup_on_star: bool = False
    sequential: bool = False
    queue: str = ""


@dataclass(frozen=True)
class Record:
    """Record the caller until a key of `finish_on_key`, `timeout` seconds of silence, or `max_length` seconds.

    `callback` is the `recordingStatusCallback`.
    """

    action: str | None = None
    method: str = "POST"
    timeout: int = 5
    max_length: int = 3600
    finish_on_key: str = "1234567890*#"
    callback: str | None = None
    callback_method: str = "POST"
    callback_events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True)
class Enqueue:
    """Put the caller into a queue, with the document at `wait_url` played again and again."""

    queue: str
    wait_url: str
    wait_url_method: str = "POST"
    action: str | None = None
    method: str = "POST"
    max_queue_size: int = 1000


@dataclass(frozen=True)
class Leave:
    """Take the caller out of the queue."""


@dataclass(frozen=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Reject:
    """Reject a call that is not answered yet, as `rejected` or `busy`."""

    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Dial | Record | Enqueue | Leave | Redirect | Hangup | Reject


@dataclass(frozen=True)
class Document:
    """An answer of the app: the URL it came from, and its verbs."""

    url: str
    verbs: tuple[Verb, ...]
