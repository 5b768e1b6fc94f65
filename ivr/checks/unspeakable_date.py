"""Dates can be said in the language that the prompts are in."""

from collections.abc import Iterator
from datetime import date

from babel import UnknownLocaleError

from ivr.engine.content import SERVICE, Content
from ivr.errors import Problem
from ivr.helpline.spoken import spoken_date

ANY_DAY = date(2026, 12, 14)
LANGUAGES = "prompts/languages.yaml"


def check(content: Content) -> Iterator[Problem]:
    """A language in which nobody has taught us to say a date."""
    pattern = content.sentences.get(f"{SERVICE}.date")
    blanks = {"weekday", "day", "month", "year"}
    if pattern is None or not pattern.blanks <= blanks or LANGUAGES not in content.sources:
        return  # told elsewhere
    try:
        spoken_date(ANY_DAY, content.language.tag, pattern.text)
    except (UnknownLocaleError, ValueError, NotImplementedError):
        says = f"dates cannot be said in “{content.language.tag}”; a language is written such as en-GB"
        yield content.sources[LANGUAGES].problem(says, content.language.tag)
