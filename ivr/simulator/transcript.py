"""The transcript of a call: what was said and done, and at which second of the simulated clock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ivr.simulator.twiml.prompts import SayOrigin
from ivr.simulator.twiml.timing import Sound, WordTiming, duration, speech_duration, word_timings
from ivr.simulator.twiml.verbs import Speakable, origin_of

CALLER = "caller"
HELPLINE = "helpline"
LINE = "line"
_CONNECTED = " is connected"


@dataclass(frozen=True)
class Entry:
    """At `at` seconds `who` said or did `text`, which takes `seconds`; `ear` heard it, as these `sounds`.

    `origin` is where the words come from, of what the helpline said.
    """

    at: float
    who: str
    text: str
    ear: str = CALLER
    seconds: float = 0.0
    sounds: tuple[Sound, ...] = field(default=(), compare=False, repr=False)
    origin: SayOrigin | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.time} {self.voice}: {self.text}"

    @property
    def time(self) -> str:
        """The time as minutes and seconds."""
        minutes, seconds = divmod(int(self.at), 60)
        return f"{minutes}:{seconds:02}"

    @property
    def voice(self) -> str:
        """The speaker, and the listener if it is not the caller."""
        return self.who if self.ear == CALLER else f"{self.who} to {self.ear}"


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries sorted by time: one may be noted before its second has come."""
    return sorted(entries, key=lambda entry: entry.at)


class Transcript:
    """The transcript of one leg, as `ear` heard it; all legs of a simulation share `entries`.

    `clock` is the second that this leg has reached. `heard_seconds` is how much speech was listened to, with the breaks
    inside it and without silence or ringing; `heard_before_turn` is how much of it came before this turn's first word.
    """

    def __init__(self, ear: str = CALLER, entries: list[Entry] | None = None, clock: float = 0.0) -> None:
        self.ear = ear
        self.entries: list[Entry] = [] if entries is None else entries
        self.clock = clock
        self.heard_seconds = 0.0
        self.heard_before_turn = 0.0
        self.recent: list[WordTiming] = []
        self._turn = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(in_order(self.entries))

    def __str__(self) -> str:
        return "\n".join(map(str, self))

    def note(self, who: str, text: str, ear: str = CALLER, at: float | None = None) -> None:
        """Add something said or done, now or `at` another second."""
        self.entries.append(Entry(self.clock if at is None else at, who, text, ear))

    def note_connected(self, number: str, at: float) -> None:
        """Add that a number was connected."""
        self.note(LINE, f"{number}{_CONNECTED}", at=at)

    def speak(self, ear: str, verb: Speakable, before: Sequence[Sound] = ()) -> None:
        """Add what the helpline begins to say after the sounds `before`; the clock stands still."""
        start, sounds = self.clock + duration(before), verb.sounds
        if verb.text:
            entry = Entry(start, HELPLINE, verb.text, ear, duration(sounds), sounds, origin_of(verb))
            self.entries.append(entry)
        if ear == self.ear:
            if not self.recent:
                self.heard_before_turn = self.heard_seconds
            self.recent += word_timings(sounds, start, self.heard_seconds + speech_duration(before))

    def advance(self, ear: str, sounds: Sequence[Sound], seconds: float | None = None) -> None:
        """Let the sounds play, or their first `seconds`; what those exceed the sounds by is silence."""
        seconds = duration(sounds) if seconds is None else seconds
        self.clock += seconds
        if ear == self.ear:
            self.heard_seconds += speech_duration(sounds, seconds)

    def start_turn(self) -> None:
        """Begin a new turn, as the caller acts: `heard` starts anew."""
        self._turn = len(self.entries)
        self.recent.clear()

    @property
    def name(self) -> str:
        """The name of the listener."""
        return "the caller" if self.ear == CALLER else self.ear

    @property
    def connected(self) -> list[str]:
        """The numbers that were connected, in order."""
        texts = [entry.text for entry in self.entries if entry.who == LINE and entry.text.endswith(_CONNECTED)]
        return [text.removesuffix(_CONNECTED) for text in texts]

    @property
    def heard(self) -> str:
        """What the helpline has said to this listener in this turn."""
        return self.said_to(self.ear, self._turn)

    @property
    def this_turn(self) -> list[Entry]:
        """The entries of this turn, for all listeners."""
        return self.entries[self._turn :]

    def said_to(self, ear: str, since: int = 0) -> str:
        """Return what the helpline has said to one listener since an entry."""
        said = [entry for entry in self.entries[since:] if entry.who == HELPLINE and entry.ear == ear]
        return " ".join(entry.text for entry in said)
