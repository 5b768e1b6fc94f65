"""Every rule of law that a step states is in the table, with its source and its dates, and may run out there."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.rules import FILE, read_rules


def check(content: Content) -> Iterator[Problem]:
    """A rule that is not in the file, a step with no way on once it is stale, and what is wrong in the file."""
    source = content.sources.get(FILE)
    yield from read_rules(source)[1]
    written = source.content if source else {}
    for at, step in content.steps.items():
        field = "states" if step.states else "tells"
        for name in sorted(step.stated() - written.keys()):
            yield content.at_step(at, f"there is no rule “{name}” in {FILE}", field)
        if step.states and not step.stale:
            says = f"{at} states a rule, and has no “stale”: where do callers go when it may not be stated any more?"
            yield content.at_step(at, says, "states")
