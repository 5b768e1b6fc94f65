"""Rules about the documents that steps make: the provider plays them, to the end."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.verbs import Dial, DialQueue, Enqueue, Gather, Hangup, Leave, Redirect, Turn
from ivr.errors import Problem
from ivr.lint.registry import LintContext, rule

NO_WAY_BACK = (Redirect, Hangup, Leave, Dial, Enqueue, DialQueue)
"""Each goes on with a document of its own, or ends the call: whatever follows is never played."""


@rule(
    "refused_document",
    "release",
    "The provider plays whatever a step can do, with its shortest and its longest values, in every language.",
)
def refused_document(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a turn whose document breaks the provider's grammar: an attribute, a value, what stands in what, a
    size.
    """
    for heard in context.heard:
        for says in context.refusals(heard.turn, heard.at, heard.language):
            spoken = "" if heard.language == content.language else f" in {heard.language.tag}"
            yield content.at_step(heard.at, f"the provider would not play what {heard.at} does{spoken}: {says}")


@rule("unheard_verb", "release", "Nothing stands after a verb that the call does not come back from.")
def unheard_verb(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a verb after the end, and a wait for keys with words after it: those begin only when no key was
    pressed.
    """
    for heard in context.heard:
        if content.steps[heard.at].for_adviser:
            continue  # a document that ends by itself connects the two; the goodbye after the wait is what is meant
        for says in _unheard(heard.turn):
            yield content.at_step(heard.at, f"{heard.at} {says}")


def _unheard(turn: Turn) -> Iterator[str]:
    for verb, after in zip(turn.verbs, turn.verbs[1:], strict=False):
        name, follows = type(verb).__name__, type(after).__name__
        if isinstance(verb, NO_WAY_BACK):
            yield f"has a {follows} after a {name}, which nobody ever comes to"
        elif isinstance(verb, Gather) and not isinstance(after, Redirect):
            yield f"has a {follows} after a Gather: only a caller who presses nothing would come to it"
