"""No caller comes to a step that is not for them, or that has no way on."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem


def check(content: Content) -> Iterator[Problem]:
    """An exit into what an adviser hears, or into a queue's words without a queue; a step with neither exit nor end."""
    for at, step in content.steps.items():
        if not step.ends_call and not any(True for _ in step.exits()):
            yield content.at_step(at, f"{at} is a dead end: it has no exit, and it does not end the call")
        for path, target in step.exits():
            other = content.steps.get(target)
            if other and other.comes_by is not None and other.comes_by != path[-1]:
                says = f"“{path[0]}” of {at} leads to {target}, a dead end for a caller: {_whose(other.comes_by)}"
                yield content.at_step(at, says, *path)


def _whose(comes_by: str) -> str:
    return f"only “{comes_by}” may lead there" if comes_by else "it is for an adviser whom we ring"
