"""Which steps lead to which."""

from collections.abc import Callable, Iterable

from ivr.engine.content import Content


def exits_of(content: Content, at: str) -> set[str]:
    """The steps that a step's exits lead to; none for one that could not be read."""
    step = content.steps.get(at)
    return {str(target) for _, target in step.exits()} if step else set()


def reachable(content: Content, starts: Iterable[str], passable: Callable[[str], bool] = lambda at: True) -> set[str]:
    """The steps that calls beginning at `starts` can come to; they do not go beyond one that is not passable."""
    seen: set[str] = set()
    ahead = [str(start) for start in starts]
    while ahead:
        at = ahead.pop()
        if at not in seen:
            seen.add(at)
            ahead += exits_of(content, at) if passable(at) else ()
    return seen


def ending(content: Content) -> set[str]:
    """The steps from which a call can come to its end.

    A step that could not be read, or does not exist, counts as one: that mistake is told elsewhere.
    """
    can_end = {at for at, step in content.steps.items() if step.ends_call}
    can_end |= {target for at in content.steps for target in exits_of(content, at) if target not in content.steps}
    while more := {at for at in content.steps if at not in can_end and exits_of(content, at) & can_end}:
        can_end |= more
    return can_end
