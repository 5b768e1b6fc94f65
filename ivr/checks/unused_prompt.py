"""Every sentence that is written down is said somewhere."""

from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.helpline.shared import shared_sentences


def check(content: Content) -> Iterator[Problem]:
    """A sentence that no step, no topic and not the service says: often one that was misspelt."""
    said = {own(at, name) for at, step in content.steps.items() for name in step.sentences()}
    said |= {f"{SERVICE}.{name}" for name in shared_sentences(content.steps.values())}
    said |= set(content.topics.values())
    for name in content.sentences:
        at = "/".join(name.split(".")[:2])
        if name not in said and (at in content.steps or at not in content.named):
            yield content.at_sentence(name, "nobody says this sentence")
