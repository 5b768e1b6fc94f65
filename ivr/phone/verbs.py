"""What a TwiML document can tell this telephone to do."""

from dataclasses import dataclass

from ivr.phone.speech import Sound, silence

AUDIO_SECONDS = 5.0
"""What a sound counts for whose length nobody tells."""
TONE_SECONDS = 0.5
"""One key tone played down the line."""


@dataclass(frozen=True)
class Say:
    """Text read aloud, `loop` times over."""

    once: tuple[Sound, ...]
    loop: int = 1

    @property
    def sounds(self) -> tuple[Sound, ...]:
        return self.once * self.loop

    @property
    def text(self) -> str:
        said = " ".join(sound.text for sound in self.once if sound.text)
        return said if self.loop == 1 else f"{said} ({self.loop} times)"


@dataclass(frozen=True)
class Play:
    """A recording by its address, or key tones."""

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
    """Whole seconds of silence."""

    length: int = 1

    @property
    def sounds(self) -> tuple[Sound, ...]:
        return (silence(self.length),)

    @property
    def text(self) -> str:
        return ""


Sounding = Say | Play | Pause


@dataclass(frozen=True)
class Gather:
    """Listen for keys while speaking, and for `timeout` seconds after the last word or key.

    No `action` is the document's own address; no `num_digits` is any number of keys; an empty
    `finish_on_key` makes `#` a digit like the others.
    """

    nested: tuple[Sounding, ...] = ()
    action: str | None = None
    method: str = "POST"
    timeout: int = 5
    num_digits: int | None = None
    finish_on_key: str = "#"
    action_on_empty_result: bool = False


@dataclass(frozen=True)
class Number:
    """One number to ring; `url` is played to whoever answers before they are connected."""

    number: str
    url: str | None = None
    method: str = "POST"


@dataclass(frozen=True)
class Dial:
    """Ring numbers, all at once unless `sequential`, and connect the first that answers; or whoever is in a `queue`."""

    numbers: tuple[Number, ...]
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
    """Record the caller until a key of `finish_on_key`, `timeout` seconds of silence or `max_length`."""

    action: str | None = None
    method: str = "POST"
    timeout: int = 5
    max_length: int = 3600
    finish_on_key: str = "1234567890*#"
    news: str | None = None
    news_method: str = "POST"
    news_events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True)
class Enqueue:
    """Wait in a queue, hearing the document at `wait` again and again, until taken out of it."""

    queue: str
    wait: str
    wait_method: str = "POST"
    action: str | None = None
    method: str = "POST"
    most: int = 1000


@dataclass(frozen=True)
class Leave:
    """Come out of the queue."""


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
    """Do not answer the call, if it is not answered yet: `rejected` or `busy`."""

    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Dial | Record | Enqueue | Leave | Redirect | Hangup | Reject


@dataclass(frozen=True)
class Document:
    """An answer of the app: where it came from and what it tells the telephone to do."""

    url: str
    verbs: tuple[Verb, ...]
