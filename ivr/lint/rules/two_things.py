"""A rule about choices that name two things under one key."""

import re
from collections.abc import Iterator, Sequence

from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import Content
from ivr.engine.graph import levels_to
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.lint.choices import before_a_menu, choices_of
from ivr.lint.readability import sentences_in
from ivr.lint.registry import LintContext, rule

THINGS = re.compile(r"^(?:for|to|if|when) (.+?),? press \{key\}", re.IGNORECASE)
APART = re.compile(r",? or |, (?=.* or )", re.IGNORECASE)
NO_SECOND = re.compile(r",? or (?:if .*|(?:over|under|more|less|fewer|older|younger|not)\b)", re.IGNORECASE)
"""“For another letter, or if you are not sure”, and “for someone eighteen or over”: the second is no thing."""
NO_THINGS = frozenset({
    "about", "all", "and", "another", "any", "are", "been", "being", "can", "cannot", "does", "for", "from", "get",
    "has", "have", "hear", "how", "its", "just", "made", "more", "not", "one", "other", "some", "that", "the", "their",
    "them", "they", "this", "through", "was", "what", "when", "which", "who", "with", "would", "you", "your",
})  # fmt: skip
SHORTEST, STEM = 3, 5
"""Letters of a word that means something, and of what the forms of one word have in common."""


@rule("two_things", "release", "A choice that names two things leads to where a caller can have either of them.")
def two_things(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a choice such as “For health, or social care” behind which no menu has a choice for each, and no other
    step speaks of both, before or after one more choice.
    """
    levels = levels_to(content, str(content.entries.get("answer", "")))
    for at in content.steps:
        for name, text, target in choices_of(content, at):
            things = things_in(text)
            if not things[1:]:
                continue
            behind = {other for other in _behind(content, target) if levels.get(other)} - {at}
            if not any(_sets_apart(content, other, things) for other in behind):
                listed = " and ".join(f"“{thing}”" for thing in things)
                says = f"{listed} are under one key, and nothing behind {target} tells them apart or speaks of both"
                yield content.at_sentence(name, says)


def things_in(text: str) -> list[str]:
    """Return the things that a choice names.

    >>> things_in("For being sent home, suspended or excluded, press {key}.")
    ['being sent home', 'suspended', 'excluded']
    >>> things_in("For another letter, or if you are not sure, press {key}.")
    ['another letter']
    """
    found = [match for sentence in sentences_in(text) if (match := THINGS.search(sentence))]
    named = APART.split(NO_SECOND.sub("", found[0][1])) if found else []
    return [thing for thing in named if _stems(thing)]


def _behind(content: Content, target: str) -> Iterator[str]:
    """Yield the steps before the next choice, and those before the one after it."""
    first = before_a_menu(content, target)
    yield from first
    for at in first:
        if isinstance(content.steps[at], ChoiceQuestion):
            for _, _, chosen in choices_of(content, at):
                yield from before_a_menu(content, chosen)


def _sets_apart(content: Content, at: str, things: Sequence[str]) -> bool:
    """Return whether a menu has a choice for each of some things, or another step speaks of all of them."""
    if isinstance(content.steps[at], ChoiceQuestion):
        choices = [_stems(text) for _, text, _ in choices_of(content, at)]
        named = [{place for place, stems in enumerate(choices) if stems & _stems(thing)} for thing in things]
        return all(named) and len(set[int]().union(*named)) >= len(things)
    names = [own(at, name) for name in content.steps[at].sentences()]
    said = [content.sentences[name].text for name in names if name in content.sentences]
    spoken = _stems(" ".join((*said, at.replace("_", " "))))
    return all(spoken & _stems(thing) for thing in things)


def _stems(text: str) -> frozenset[str]:
    """Return the words of a text that mean something, each as the forms of it begin."""
    words = re.findall(rf"[a-z]{{{SHORTEST},}}", text.lower())
    return frozenset(word[:STEM] for word in words if word not in NO_THINGS)
