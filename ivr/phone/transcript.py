"""What was said and done in a call, and when: the clock of a call that takes no time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr.phone.speech import Moment, Sound, moments, seconds_of, speech_within

CALLER = "caller"
HELPLINE = "helpline"
LINE = "line"


@dataclass(frozen=True)
class Entry:
    """At `at` seconds `who` said or did `text`, which takes `seconds`; `ear` heard it."""

    at: float
    who: str
    text: str
    ear: str = CALLER
    seconds: float = 0.0

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


class Transcript:
    """The record of one call.

    `clock` is seconds since pick-up. `heard_seconds` is how much speech the caller has listened to, breaks
    within it included, silences and ringing not.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.clock = 0.0
        self.heard_seconds = 0.0
        self.recent: list[Moment] = []
        self._turn = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __str__(self) -> str:
        return "\n".join(map(str, self.entries))

    def notes(self, who: str, text: str, ear: str = CALLER, at: float | None = None) -> None:
        """Write down something said or done, now or `at` another second."""
        self.entries.append(Entry(self.clock if at is None else at, who, text, ear))

    def speaks(self, ear: str, text: str, sounds: Sequence[Sound], before: Sequence[Sound] = ()) -> None:
        """Write down what the helpline begins to say when `before` has been said; no time passes yet."""
        start = self.clock + seconds_of(before)
        if text:
            self.entries.append(Entry(start, HELPLINE, text, ear, seconds_of(sounds)))
        if ear == CALLER:
            self.recent += moments(sounds, start, self.heard_seconds + speech_within(before))

    def passes(self, ear: str, sounds: Sequence[Sound], seconds: float | None = None) -> None:
        """Let the sounds play, or only their first `seconds` (more than they last is silence)."""
        seconds = seconds_of(sounds) if seconds is None else seconds
        self.clock += seconds
        if ear == CALLER:
            self.heard_seconds += speech_within(sounds, seconds)

    def turns(self) -> None:
        """The caller acts: what was heard until now is no longer what was heard last."""
        self._turn = len(self.entries)
        self.recent.clear()

    @property
    def heard(self) -> str:
        """What the caller was told since they last acted."""
        return self.said_to(CALLER, self._turn)

    def said_to(self, ear: str, since: int = 0) -> str:
        """Everything the helpline said into one ear."""
        said = [entry for entry in self.entries[since:] if entry.who == HELPLINE and entry.ear == ear]
        return " ".join(entry.text for entry in said)
