"""Everything that is wrong with a helpline's flows and prompts, or should be seen to soon, by whichever rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ivr.checks import RULES
from ivr.commands.measures import measure_for
from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.prompts import Language
from ivr.engine.verbs import Turn
from ivr.errors import Problem
from ivr.helpline.rehearsal import rehearsed
from ivr.phone.failure import TwimlError
from ivr.phone.twiml import read
from ivr.reviews import REVIEWS
from ivr.telephony.grammar import faults
from ivr.telephony.twiml import Renderer
from ivr.warnings import WARNINGS

FORM = "form"
"""The rule of what could not be read as it is written: a field that is missing, a kind that we do not know."""
STRICT = frozenset({"expired_fact"})
"""The warnings that are errors for whoever asks for it."""
LONGEST_MEMORY = "m" * 2000
"""Sealed, of a caller who has told us all there is to tell, with the longest trail."""
CALLER_ID = "+441632960000"

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a rule has found."""

    file: str
    line: int
    severity: Severity
    rule: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


def findings(content: Content, means: Means, *, strict: bool = False) -> list[Finding]:
    """All that every rule finds, each once, sorted by file and line."""
    found = list(_found("error", FORM, content.problems))
    for name, check in RULES.items():
        found += _found("error", name, check(content))
    for name, review in REVIEWS.items():
        found += _found("error", name, review(content, means))
    for name, warn in WARNINGS.items():
        found += _found("error" if strict and name in STRICT else "warning", name, warn(content, means))
    told = {(one.file, one.line, one.says): one for one in sorted(found, reverse=True)}
    return sorted(told.values())


def _found(severity: Severity, rule: str, problems: Iterable[Problem]) -> Iterator[Finding]:
    for problem in problems:
        yield Finding(problem.file, problem.line, severity, rule, problem.says)


def means_for(content: Content, today: date, *, with_voice: bool) -> Means:
    """What the rules are given; with a voice to measure by, if that is wanted and one is installed."""
    measure = measure_for(content.language.tag, with_voice=with_voice)
    return Means(today, measure, refusals, rehearsed(content))


def refusals(turn: Turn, at: str, language: Language) -> Iterator[str]:
    """Why the provider would not play a turn.

    First what its library would not write, then what its documentation says of values and sizes.
    """
    renderer = Renderer(language, "https://helpline.example/ivr/voice", CALLER_ID)
    text = renderer.document(turn, at).fill(LONGEST_MEMORY, LONGEST_MEMORY).decode()
    yield from (found := list(faults(text)))
    try:
        read(text)
    except TwimlError as error:
        if not found:
            yield str(error)
