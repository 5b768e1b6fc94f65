"""How long words take on the line, and the moment at which a phrase has been heard."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

WORDS_A_SECOND = 150 / 60


class Moment(NamedTuple):
    """A word as it is compared, the second `at` which it has been heard, and how much speech that makes."""

    word: str
    at: float
    speech: float


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of speech, or of silence when it has no text; only what the voice does counts as speech."""

    text: str
    seconds: float
    voice: bool = True


def spoken(text: str) -> Sound:
    """Words at 150 a minute.

    >>> spoken("Press 1 for the deadline.").seconds
    2.0
    """
    tidy = " ".join(text.split())
    return Sound(tidy, len(tidy.split()) / WORDS_A_SECOND)


def silence(seconds: float, *, voice: bool = False) -> Sound:
    """Seconds without words; `voice` when it is the voice that draws breath."""
    return Sound("", seconds, voice)


def words(text: str) -> list[str]:
    """The words of a text as they are compared: no capitals, no punctuation, digits one by one.

    >>> words("It's 0800 064, twenty-six!")
    ['its', '0', '8', '0', '0', '0', '6', '4', 'twenty', 'six']
    """
    return re.findall(r"\d|[^\W\d_]+", re.sub(r"['’]", "", text.casefold()))


def contains(text: str, phrase: str) -> bool:
    """Whether the phrase is in the text, word for word.

    >>> contains("Now, press 1.", "press 1"), contains("I know", "no")
    (True, False)
    """
    return _end_of(words(text), words(phrase)) is not None


def seconds_of(sounds: Iterable[Sound]) -> float:
    """How long the sounds last."""
    return sum(sound.seconds for sound in sounds)


def speech_within(sounds: Iterable[Sound], seconds: float = inf) -> float:
    """How much of the sounds, or of their first `seconds`, is the voice."""
    total = 0.0
    for sound in sounds:
        part = min(sound.seconds, max(seconds, 0.0))
        seconds -= part
        total += part if sound.voice else 0.0
    return total


def moments(sounds: Iterable[Sound], at: float, speech: float = 0.0) -> list[Moment]:
    """When each word of the sounds has been heard, if they begin `at` this second, after so much speech."""
    found: list[Moment] = []
    for sound in sounds:
        said = sound.text.split()
        for count, word in enumerate(said, 1):
            part = sound.seconds * count / len(said)
            found += [Moment(one, at + part, speech + part) for one in words(word)]
        at += sound.seconds
        speech += sound.seconds if sound.voice else 0.0
    return found


def moment_of(phrase: str, heard: Sequence[Moment]) -> Moment | None:
    """The moment at which the phrase was first heard whole, or None."""
    end = _end_of([moment.word for moment in heard], words(phrase))
    return None if end is None else heard[end]


def _end_of(said: Sequence[str], phrase: Sequence[str]) -> int | None:
    """Where the phrase first ends: the place of its last word."""
    length = len(phrase)
    for start in range(len(said) - length + 1):
        if list(said[start : start + length]) == list(phrase):
            return start + length - 1
    return None
