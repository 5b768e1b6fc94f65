"""The context of the lint rules: the duration of speech, by words and by voice, and the validation of TwiML."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from math import fsum

from ivr.engine.content import Content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.prompts import Language
from ivr.engine.verbs import Pause, Speech, Turn
from ivr.errors import NoVoice
from ivr.lint.explore import explore
from ivr.lint.registry import LintContext
from ivr.simulator.twiml.errors import TwimlError
from ivr.simulator.twiml.parse import parse
from ivr.speech.espeak import WORDS_A_MINUTE, Espeak
from ivr.telephony.twiml import Renderer

LONGEST_STATE = "m" * 2000
"""The state token of a caller with all call variables set and the longest history."""
CALLER_ID = "+441632960000"
ROUNDED_TO = 0.1
"""Seconds: synthesis is not deterministic."""


def context_for(content: Content, today: date, *, with_voice: bool) -> LintContext:
    """Return the context of the rules, with speech measured by a voice too if wanted and installed."""
    measure = measure_for(content.language.tag, with_voice=with_voice)
    return LintContext(today, measure, twiml_errors, explore(content))


def twiml_errors(turn: Turn, at: str, language: Language) -> Iterator[str]:
    """Yield the first error, if any, for which the provider would reject the TwiML of a turn."""
    renderer = Renderer({language.tag: language}, "https://helpline.example/ivr/speech", CALLER_ID)
    document = renderer.document(turn, at).fill(LONGEST_STATE, LONGEST_STATE)
    try:
        parse(document.decode())
    except TwimlError as error:
        yield str(error)


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
        return round(voice.seconds([words]) / ROUNDED_TO) * ROUNDED_TO

    def measure(speech: Speech) -> float:
        return fsum(part.milliseconds / 1000 if isinstance(part, Pause) else seconds(part) for part in speech)

    return measure
