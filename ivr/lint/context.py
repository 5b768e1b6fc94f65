"""What lint rules are given besides the content."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ivr.engine.content import Content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.prompts import Language
from ivr.engine.verbs import Turn
from ivr.helpline.contacts import FILE, Contact, read_contacts


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn that can be heard at a step; `is_fresh` if it can be the first that is heard there."""

    at: str
    turn: Turn
    language: Language
    is_fresh: bool = False


def _no_refusals(turn: Turn, at: str, language: Language) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class LintContext:
    """The date, the measure of speech, the provider's check of documents, and every turn that can be heard.

    `refusals` returns the reasons why the provider would not play a turn at a step, in a language. The defaults are
    for rules of the stage `start`: whether calls are answered must not depend on the date.
    """

    today: date = date.min
    measure: Measure = words_at_150_wpm
    refusals: Callable[[Turn, str, Language], Iterable[str]] = _no_refusals
    heard: tuple[Heard, ...] = ()


def contacts_of(content: Content) -> Mapping[str, Contact]:
    """Return the contacts that could be read; `unknown_contact` reports the others."""
    source = content.sources.get(FILE)
    return read_contacts(source)[0] if source else {}
