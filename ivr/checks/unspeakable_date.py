"""Dates can be said in the language that the prompts are in."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.spoken import can_say_dates

LANGUAGES = "prompts/languages.yaml"


def check(content: Content) -> Iterator[Problem]:
    """A language in which nobody has taught us to say a date."""
    tag = content.language.tag
    if LANGUAGES in content.sources and not can_say_dates(tag):
        says = f"dates cannot be said in “{tag}”; a language is written such as en-GB"
        yield content.sources[LANGUAGES].problem(says, tag)
