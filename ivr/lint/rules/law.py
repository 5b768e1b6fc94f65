"""Rules about what is said of the law: every figure, duty and right is that of a fact which the step names."""

import re
from collections.abc import Iterable, Iterator, Mapping

from ivr.engine.content import Content
from ivr.engine.step import own
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline import legal_rules
from ivr.helpline.legal_rules import LegalRule
from ivr.lint.figures import Figure, figures_in
from ivr.lint.readability import sentences_in
from ivr.lint.registry import LintContext, rule

BOUND = r"(?:council|school|academy|academies|college|nursery|nurseries|governor|head|trust|tribunal|nhs|hospital)s?"
DUTY = re.compile(
    rf"\b{BOUND}\b(?: [\w'’-]+){{0,3}} must\b|\b{BOUND} (?:has|have) (?:a duty|to)\b"
    r"|\b(?:by|against the|break\w* the) law\b|\blegal(?:ly)? (?:duty|right|bound)\b"
    r"|\b(?:have|has) (?:a|the|no) right\b|\b(?:a|the|no|your|their) right (?:to|of)\b",
    re.IGNORECASE,
)
"""What somebody must do, and what somebody has a right to."""
Founded = Mapping[str, Mapping[Figure, str]]
"""The figures of facts, each with the words that it stands in."""


@rule(
    "unfounded_figure",
    "release",
    "Every span of time that is said or written of the law stands in a fact that the step names.",
)
def unfounded_figure(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report “four weeks” where the facts under `states`, or `tells`, say six, or where no fact is named.

    A flow that has no topic, and in which no step states a fact, speaks of ourselves: how long we keep a number, say.
    """
    facts = {name: dict(figures_in(fact.is_so)) for name, fact in _facts(content).items()}
    of_law = content.topics.keys() | {at.partition("/")[0] for at, step in content.steps.items() if step.stated()}
    for at, name, stated in _sentences(content):
        if at.partition("/")[0] in of_law and stated <= facts.keys():  # unknown_rule reports others
            founded = {fact: facts[fact] for fact in sorted(stated)}
            for figure, words in figures_in(content.sentences[name].text):
                if not _is_founded(figure, founded):
                    yield content.at_sentence(name, f"“{words}” {_against(figure, founded)}")


def _is_founded(figure: Figure, founded: Founded) -> bool:
    known = [one for figures in founded.values() for one in figures]
    return figure in known or (not figure.unit and figure.size in {one.size for one in known})


def _against(figure: Figure, founded: Founded) -> str:
    """Return the end of a sentence about a figure that is in no fact: what they say instead, of the same unit."""
    if not founded:
        return f"is a span of time: say under “states” or “tells” which fact of {legal_rules.FILE} has it"
    for unit in (figure.unit, figure.unit.split(" ")[-1]):
        told = [
            f"“{fact}” says {_listed(words)}"
            for fact, figures in founded.items()
            if (words := {words for other, words in figures.items() if unit in (other.unit, other.unit.split(" ")[-1])})
        ]
        if told:
            return f"is in no fact that is stated here: {', and '.join(told)}"
    return f"is in no fact that is stated here, and none has such a time: {_listed(founded)}"


def _listed(words: Iterable[str]) -> str:
    return " and ".join(f"“{one}”" for one in sorted(words))


@rule(
    "law_without_fact", "release", "What is said or written of anybody's duty or right is a fact that the step names."
)
def law_without_fact(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence such as “the council must”, “by law” or “you have a right” in a step that states no fact."""
    for _, name, stated in _sentences(content):
        for sentence in sentences_in(content.sentences[name].text) if not stated else ():
            if DUTY.search(sentence):
                says = f"“{sentence}” says what the law is: say under “states” or “tells” which fact it is"
                yield content.at_sentence(name, says)


def _sentences(content: Content) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield every prompt that callers hear or are sent: its step, its full name, and the facts that it may state."""
    for at, step in content.steps.items():
        for name in step.sentences().keys() - step.alerts() if not step.for_adviser else ():
            if own(at, name) in content.sentences:
                yield at, own(at, name), step.stated_by(name)


def _facts(content: Content) -> Mapping[str, LegalRule]:
    source = content.sources.get(legal_rules.FILE, Source(legal_rules.FILE))
    return legal_rules.read_legal_rules(source)[0]
