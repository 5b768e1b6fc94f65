"""What the linter measures of one prompt, with the limit that applies, for whoever is changing it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import Content
from ivr.helpline.gsm7 import segments
from ivr.lint.limits import (
    ANSWER,
    ENOUGH_WORDS,
    GREETING,
    HARDEST_GRADE,
    LONGEST_SENTENCE,
    MENU,
    MOST_SEGMENTS,
)
from ivr.lint.readability import grade, sentences_in, words_in
from ivr.lint.registry import LintContext
from ivr.lint.routes import greeting, longest_seconds
from ivr.lint.rules.sms import longest_texts
from ivr.lint.sentences import spoken_by_step, texted

STARTS_SCHOOL_AT = 5
"""Years: a grade and these are a reading age."""


@dataclass(frozen=True)
class Measured:
    """What was measured, how much it is, and the most that it may be, if there is a limit."""

    what: str
    amount: float
    most: float | None = None


def measures_of(content: Content, context: LintContext, name: str) -> Iterator[Measured]:
    """Yield what is measured of a prompt, by its full name, and of the step that says it."""
    if name in texted(content):
        longest = (segments(text) for other, text in longest_texts(content) if other == name)
        yield from (Measured("Parts of the text, at the longest", parts, MOST_SEGMENTS) for parts in longest)
        return
    longest_sentence = max((len(words_in(one)) for one in sentences_in(content.sentences[name].text)), default=0)
    yield Measured("Words of the longest sentence", longest_sentence, LONGEST_SENTENCE)
    yield Measured("Seconds of this prompt", round(context.measure((content.sentences[name].text,)), 1))
    yield from _seconds(content, context, "/".join(name.split(".")[:2]))
    step = next((prompts for prompts in spoken_by_step(content) if name in prompts), {})
    found, words = grade(step.values())
    if words >= ENOUGH_WORDS:
        most = HARDEST_GRADE + STARTS_SCHOOL_AT
        yield Measured("Reading age of all that is said here", round(found + STARTS_SCHOOL_AT, 1), most)


def _seconds(content: Content, context: LintContext, at: str) -> Iterator[Measured]:
    start, seconds = greeting(content, context)
    if at == start:
        yield Measured("Seconds of the greeting", seconds, GREETING)
    elif at in (longest := longest_seconds(content, context)):
        is_menu = isinstance(content.steps[at], ChoiceQuestion)
        what = "Seconds until the last choice" if is_menu else "Seconds without a stop, at the longest"
        yield Measured(what, longest[at], MENU if is_menu else ANSWER)
