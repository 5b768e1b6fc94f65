"""How long speech and audio take, and the second at which a phrase has been heard."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import fsum, inf
from typing import NamedTuple
from wave import Error as NotWave
from wave import open as open_wave

WORDS_PER_SECOND = 150 / 60


class WordTiming(NamedTuple):
    """A normalised word, the second `at` which it has been heard, and the seconds of speech until then."""

    word: str
    at: float
    speech: float


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of speech, or of silence if it has no text; only `voice` counts as speech."""

    text: str
    seconds: float
    voice: bool = True


def speech(text: str) -> Sound:
    """Return text as speech at 150 words per minute.

    >>> speech("Press 1 for the deadline.").seconds
    2.0
    """
    tidy = " ".join(text.split())
    return Sound(tidy, len(tidy.split()) / WORDS_PER_SECOND)


def silence(seconds: float, *, voice: bool = False) -> Sound:
    """Return seconds without words; with `voice` they count as speech, like a pause for breath."""
    return Sound("", seconds, voice)


def normalised_words(text: str) -> list[str]:
    """Return the words of a text for comparison: in lower case, without punctuation, digits one by one.

    >>> normalised_words("It's 0800 064, twenty-six!")
    ['its', '0', '8', '0', '0', '0', '6', '4', 'twenty', 'six']
    """
    return re.findall(r"\d|[^\W\d_]+", re.sub(r"['’]", "", text.casefold()))


def contains_phrase(text: str, phrase: str) -> bool:
    """Return whether the phrase is in the text, word for word.

    >>> contains_phrase("Now, press 1.", "press 1"), contains_phrase("I know", "no")
    (True, False)
    """
    return _last_word_of(normalised_words(phrase), normalised_words(text)) is not None


def duration(sounds: Iterable[Sound]) -> float:
    """Return how many seconds the sounds take."""
    return fsum(sound.seconds for sound in sounds)


def speech_duration(sounds: Iterable[Sound], seconds: float = inf) -> float:
    """Return how many seconds of the sounds, or of their first `seconds`, are speech."""
    total = 0.0
    for sound in sounds:
        part = min(sound.seconds, max(seconds, 0.0))
        seconds -= part
        total += part if sound.voice else 0.0
    return total


def word_timings(sounds: Iterable[Sound], at: float, speech: float = 0.0) -> list[WordTiming]:
    """Return when each word has been heard if the sounds begin `at` this second, after so many seconds of speech."""
    found: list[WordTiming] = []
    for sound in sounds:
        said = sound.text.split()
        for count, word in enumerate(said, 1):
            part = sound.seconds * count / len(said)
            found += [WordTiming(one, at + part, speech + part) for one in normalised_words(word)]
        at += sound.seconds
        speech += sound.seconds if sound.voice else 0.0
    return found


def find_phrase(phrase: str, heard: Sequence[WordTiming]) -> WordTiming | None:
    """Return the timing of the last word of the phrase where it is first heard whole, or None."""
    end = _last_word_of(normalised_words(phrase), [timing.word for timing in heard])
    return None if end is None else heard[end]


def _last_word_of(phrase: list[str], said: list[str]) -> int | None:
    length = len(phrase)
    for start in range(len(said) - length + 1):
        if said[start : start + length] == phrase:
            return start + length - 1
    return None


def wav_duration(audio: bytes) -> float | None:
    """Return the seconds of a WAV file by its header; None for any other format.

    >>> wav_duration(b"ID3") is None
    True
    """
    try:
        with open_wave(BytesIO(audio), "rb") as wave:
            return wave.getnframes() / wave.getframerate()
    except (NotWave, EOFError):
        return None
