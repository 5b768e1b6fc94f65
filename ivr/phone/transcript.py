"""What was said and done in a call, and when: the clock of a call that takes no time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ivr.phone.speech import Moment, Sound, moments, seconds_of, speech_within

CALLER = "caller"
HELPLINE = "helpline"
LINE = "line"
_CONNECTED = " is connected"


@dataclass(frozen=True)
class Entry:
    """At `at` seconds `who` said or did `text`, which takes `seconds`; `ear` heard it, as these `sounds`."""

    at: float
    who: str
    text: str
    ear: str = CALLER
    seconds: float = 0.0
    sounds: tuple[Sound, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.time} {self.voice}: {self.text}"

    @property
    def time(self) -> str:
        """The time as minutes and seconds."""
        minutes, seconds = divmod(int(self.at), 60)
        return f"{minutes}:{seconds:02}"

    @property
    def voice(self) -> str:
        """Who says it, and to whom if it is not the caller."""
        return self.who if self.ear == CALLER else f"{self.who} to {self.ear}"


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """As it happened: an entry may be written down before its time has come."""
    return sorted(entries, key=lambda entry: entry.at)


class Transcript:
    """The record of one call, as `ear` heard it; `entries` are those of everybody on the line.

    `clock` is where this end has got to, in seconds. `heard_seconds` is how much speech was listened to, breaks within
    it included, silences and ringing not.
    """

    def __init__(self, ear: str = CALLER, entries: list[Entry] | None = None, clock: float = 0.0) -> None:
        self.ear = ear
        self.entries: list[Entry] = [] if entries is None else entries
        self.clock = clock
        self.heard_seconds = 0.0
        self.recent: list[Moment] = []
        self._turn = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(in_order(self.entries))

    def __str__(self) -> str:
        return "\n".join(map(str, self))

    def notes(self, who: str, text: str, ear: str = CALLER, at: float | None = None) -> None:
        """Write down something said or done, now or `at` another second."""
        self.entries.append(Entry(self.clock if at is None else at, who, text, ear))

    def connects(self, number: str, at: float) -> None:
        """Write down that a number was put through."""
        self.notes(LINE, f"{number}{_CONNECTED}", at=at)

    def speaks(self, ear: str, text: str, sounds: Sequence[Sound], before: Sequence[Sound] = ()) -> None:
        """Write down what the helpline begins to say when `before` has been said; no time passes yet."""
        start = self.clock + seconds_of(before)
        if text:
            self.entries.append(Entry(start, HELPLINE, text, ear, seconds_of(sounds), tuple(sounds)))
        if ear == self.ear:
            self.recent += moments(sounds, start, self.heard_seconds + speech_within(before))

    def passes(self, ear: str, sounds: Sequence[Sound], seconds: float | None = None) -> None:
        """Let the sounds play, or only their first `seconds` (more than they last is silence)."""
        seconds = seconds_of(sounds) if seconds is None else seconds
        self.clock += seconds
        if ear == self.ear:
            self.heard_seconds += speech_within(sounds, seconds)

    def turns(self) -> None:
        """The caller acts: what was heard until now is no longer what was heard last."""
        self._turn = len(self.entries)
        self.recent.clear()

    @property
    def name(self) -> str:
        """Whose ear it is."""
        return "the caller" if self.ear == CALLER else self.ear

    @property
    def connected(self) -> list[str]:
        """The numbers that were put through, in order."""
        put_through = [entry.text for entry in self.entries if entry.who == LINE and entry.text.endswith(_CONNECTED)]
        return [text.removesuffix(_CONNECTED) for text in put_through]

    @property
    def heard(self) -> str:
        """What the caller was told since they last acted."""
        return self.said_to(self.ear, self._turn)

    @property
    def since_the_caller_acted(self) -> list[Entry]:
        """What was said and done since."""
        return self.entries[self._turn :]

    def said_to(self, ear: str, since: int = 0) -> str:
        """Everything the helpline said into one ear."""
        said = [entry for entry in self.entries[since:] if entry.who == HELPLINE and entry.ear == ear]
        return " ".join(entry.text for entry in said)
