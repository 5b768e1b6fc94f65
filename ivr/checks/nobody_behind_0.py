"""0 is a person: what it leads to rings our advisers, or asks whether they are there."""

from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.graph import leads_to
from ivr.errors import Problem
from ivr.helpline.contacts import ADVISERS

KEY, BROKEN = "person", "broken"


def check(content: Content) -> Iterator[Problem]:
    """An entry for the 0 key, or for when a step is broken, that does not come to them by itself."""
    for name in (KEY, BROKEN):
        target = content.entries.get(name)
        if target in content.named and not leads_to(content, str(target), lambda step: step.rings() == ADVISERS):
            says = f"“{name}” leads to {target}, and nobody of ours is rung from there"
            yield content.sources[f"flows/{SERVICE}.yaml"].problem(says, name)
