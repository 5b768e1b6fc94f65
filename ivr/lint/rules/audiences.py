"""A rule about whom sentences are said to: a parent, or the young person whose right it is."""

import re
from collections.abc import Iterable, Iterator

from ivr.engine.content import SERVICE, YOUNG_PERSON, Content
from ivr.engine.graph import reached
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.helpline.call_variables import WHOSE_RIGHT, RightHolder
from ivr.lint.registry import LintContext, rule
from ivr.lint.sentences import shared_sentences

TO_A_PARENT = re.compile(
    r"\byour (?:own )?(?:child|children|sons?|daughters?)\b|\b(?:as|you are) (?:a|the|their) parents?\b", re.IGNORECASE
)
OF_PARENTS = {*RightHolder, "unknown"} - {RightHolder.own}
"""The exits by the answer to whose right it is that nobody takes who has answered that it is their own."""


@rule("child_without_you", "release", "A young person who rings about themselves is spoken to, and texted, as “you”.")
def child_without_you(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report “your child”, or a word to a parent, in what somebody can hear who has said that the right is their own.

    What only a parent comes to, by the answer to whose right it is, may speak of their child.
    """
    theirs = next((one for one in content.addressed() if one.audience == YOUNG_PERSON), content)
    for name in _heard_by_the_young(theirs) & theirs.sentences.keys():
        if found := TO_A_PARENT.search(theirs.sentences[name].text):
            is_for_them = theirs.written[name][-1] == YOUNG_PERSON
            mend = "say “you” to them" if is_for_them else f"write under “{YOUNG_PERSON}” what is said to them"
            yield theirs.at_sentence(name, f"a young person who rings hears “{found[0]}” here: {mend}")


def _heard_by_the_young(content: Content) -> set[str]:
    """Return the full names of what can be said once somebody has answered that the right is their own."""
    answered = [
        str(target)
        for step in content.steps.values()
        for path, target in step.exits()
        if WHOSE_RIGHT in step.keeps() and path[0] == RightHolder.own
    ]
    come_to = reached(answered, lambda at: _exits_of_the_young(content, at))
    steps = {at: step for at, step in content.steps.items() if at in come_to and not step.for_adviser}
    names = {own(at, name) for at, step in steps.items() for name in step.sentences().keys() - step.alerts()}
    return names | {f"{SERVICE}.{name}" for name in shared_sentences(steps.values())} if steps else set()


def _exits_of_the_young(content: Content, at: str) -> Iterable[str]:
    """Return where a step leads whoever has answered that the right is their own."""
    exits = list(content.steps[at].exits()) if at in content.steps else []
    asks_whose_right = {path[0] for path, _ in exits} >= {*RightHolder}
    return (str(target) for path, target in exits if not (asks_whose_right and path[0] in OF_PARENTS))
