"""Duration of speech: by counting words, or by a voice that measures it."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from math import fsum  # exact; since Python 3.12 sum adds floats differently

from ivr.engine.verbs import Gather, Pause, Say, Speech, Turn, Verb

WORDS_A_SECOND = 150 / 60
"""A telephone voice at its own speed."""

Measure = Callable[[Speech], float]
"""Tells how many seconds speech takes, its pauses counted."""


@lru_cache(maxsize=500)  # of a sentence that informs, it is asked at every turn that says it
def words_at_150_wpm(speech: Speech) -> float:
    """Return the seconds that speech takes at 150 words a minute.

    >>> round(words_at_150_wpm(("For school,", Pause(300), "press 2.")), 1)
    1.9
    """
    return fsum(_of(part) for part in speech)


def duration_of(turn: Turn, measure: Measure = words_at_150_wpm) -> float:
    """Return the seconds that all speech of a turn takes."""
    return fsum(measure(say.speech) for verb in turn.verbs for say in spoken_parts(verb))


def spoken_parts(verb: Verb) -> Iterator[Say]:
    """Yield the speech of a verb, without sounds."""
    if isinstance(verb, Say):
        yield verb
    elif isinstance(verb, Gather):
        yield from (say for say in verb.say if isinstance(say, Say))


def _of(part: str | Pause) -> float:
    return part.milliseconds / 1000 if isinstance(part, Pause) else len(part.split()) / WORDS_A_SECOND
