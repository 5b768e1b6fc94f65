"""How the rules measure speech: by words, and by a voice too where one is installed, whichever takes longer."""

from functools import cache

from ivr.engine.seconds import Measure, by_words
from ivr.engine.verbs import Pause, Speech
from ivr.errors import NoVoice
from ivr.voice.espeak import WORDS_A_MINUTE, Espeak

STABLE = 0.1
"""Seconds to which a part is rounded: the voice never says a thing twice in quite the same way."""


def measure_for(language: str, *, with_voice: bool) -> Measure:
    """The longer of the two, so that what passes where a voice is installed passes where none is, on release.

    See docs/decisions/014-two-measures-of-seconds.md.
    """
    try:
        by_voice = voice_measure(language) if with_voice else by_words
    except NoVoice:
        return by_words
    return lambda speech: max(by_words(speech), by_voice(speech))


def voice_measure(language: str, words_a_minute: int = WORDS_A_MINUTE) -> Measure:
    """By the voice alone; raises NoVoice where there is none."""
    voice = Espeak(language, words_a_minute)

    @cache
    def seconds(words: str) -> float:
        return round(voice.seconds([words]) / STABLE) * STABLE

    def measure(speech: Speech) -> float:
        return sum(part.milliseconds / 1000 if isinstance(part, Pause) else seconds(part) for part in speech)

    return measure
