"""Nothing stands after a verb that the call does not come back from."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.verbs import ComeBack, Dial, Enqueue, Fetch, Gather, Hangup, Leave, Turn
from ivr.errors import Problem

NO_WAY_BACK = (ComeBack, Hangup, Leave, Dial, Enqueue, Fetch)
"""Each goes on with a document of its own, or ends the call; so whatever follows is never played."""


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A verb after the end, and a wait for keys with words after it: those begin only when no key was pressed."""
    for heard in means.heard:
        if content.steps[heard.at].for_adviser:
            continue  # a document that ends by itself connects the two; the goodbye after the wait is what is meant
        for says in _unheard(heard.turn):
            yield content.at_step(heard.at, f"{heard.at} {says}")


def _unheard(turn: Turn) -> Iterator[str]:
    for verb, after in zip(turn.verbs, turn.verbs[1:], strict=False):
        name, follows = type(verb).__name__, type(after).__name__
        if isinstance(verb, NO_WAY_BACK):
            yield f"has a {follows} after a {name}, which nobody ever comes to"
        elif isinstance(verb, Gather) and not isinstance(after, ComeBack):
            yield f"has a {follows} after a Gather: only a caller who presses nothing would come to it"
