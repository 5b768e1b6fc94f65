"""Every exit leads to a step that exists."""

from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.errors import Problem


def check(content: Content) -> Iterator[Problem]:
    """An exit or an entry that leads nowhere."""
    for name, target in content.entries.items():
        if target not in content.named:
            source = content.sources[f"flows/{SERVICE}.yaml"]
            yield source.problem(f"“{name}” leads to {target}, and there is no such step", name)
    for at, step in content.steps.items():
        for path, target in step.exits():
            if target not in content.named:
                says = f"“{path[0]}” of {at} leads to {target}, and there is no such step"
                yield content.at_step(at, says, *path)
