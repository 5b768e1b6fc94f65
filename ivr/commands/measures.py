"""Measures of speech for the linter: by words, and by a voice where one is installed."""

from functools import cache

from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.verbs import Pause, Speech
from ivr.errors import NoVoice
from ivr.speech.espeak import WORDS_A_MINUTE, Espeak

STABLE = 0.1
"""Seconds to which a part is rounded: the voice never says a thing twice in quite the same way."""


def measure_for(language: str, *, with_voice: bool) -> Measure:
    """Return the longer of the two measures: what passes where a voice is installed passes on release, where none is.

    See docs/decisions/014-two-measures-of-seconds.md.
    """
    by_voice = voice_measure_or(language, words_at_150_wpm) if with_voice else words_at_150_wpm
    return lambda speech: max(words_at_150_wpm(speech), by_voice(speech))


def voice_measure_or(language: str, otherwise: Measure) -> Measure:
    """Return the measure by the voice, or another where there is none."""
    try:
        return voice_measure(language)
    except NoVoice:
        return otherwise


def voice_measure(language: str, words_a_minute: int = WORDS_A_MINUTE) -> Measure:
    """Return the measure by the voice alone; raises NoVoice where there is none."""
    voice = Espeak(language, words_a_minute)

    @cache
    def seconds(words: str) -> float:
        return round(voice.seconds([words]) / STABLE) * STABLE

    def measure(speech: Speech) -> float:
        return sum(part.milliseconds / 1000 if isinstance(part, Pause) else seconds(part) for part in speech)

    return measure
