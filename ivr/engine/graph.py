"""Which steps lead to which."""

from collections import deque
from collections.abc import Callable, Iterable

from ivr.engine.content import Content
from ivr.engine.question import Question
from ivr.engine.step import Step


def exits_of(content: Content, at: str) -> set[str]:
    """Return the steps that a step's exits lead to; none for one that could not be read."""
    step = content.steps.get(at)
    return {str(target) for _, target in step.exits()} if step else set()


def reached(starts: Iterable[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    """Return the steps that calls beginning at `starts` come to, if `onward` returns the steps that follow one."""
    seen: set[str] = set()
    ahead = [str(start) for start in starts]
    while ahead:
        at = ahead.pop()
        if at not in seen:
            seen.add(at)
            ahead += map(str, onward(at))
    return seen


def reachable(content: Content, starts: Iterable[str], passable: Callable[[str], bool] = lambda at: True) -> set[str]:
    """Return the steps that calls beginning at `starts` come to; they do not go beyond one that is not passable."""
    return reached(starts, lambda at: exits_of(content, at) if passable(at) else ())


def ending(content: Content) -> set[str]:
    """Return the steps from which a call can come to its end.

    A step that could not be read, or does not exist, counts as one: that mistake is told elsewhere.
    """
    can_end = {at for at, step in content.steps.items() if step.ends_call}
    can_end |= {target for at in content.steps for target in exits_of(content, at) if target not in content.steps}
    while more := {at for at in content.steps if at not in can_end and exits_of(content, at) & can_end}:
        can_end |= more
    return can_end


def leads_to(content: Content, at: str, wanted: Callable[[Step], bool]) -> bool:
    """Return whether a call comes from here to a step that is wanted, with nothing pressed and nothing chosen.

    Straight there, or through steps that only say something on the way, or ask whether somebody is there. A step that
    could not be read counts as one that is wanted: that mistake is told elsewhere.
    """
    seen: set[str] = set()
    while at not in seen and at in content.steps:
        step = content.steps[at]
        if wanted(step):
            return True
        seen.add(at)
        way = step.way_to_a_person()
        exits = {str(way)} if way else {str(target) for path, target in step.exits() if path != ("stale",)}
        if isinstance(step, Question) or len(exits) != 1:
            return False
        at = exits.pop()
    return at not in seen


def levels_to(content: Content, start: str) -> dict[str, int]:
    """Return, for every step that can be reached from here, the least number of menu levels before it."""
    levels = {start: 0}
    ahead = deque([start])
    while ahead:
        at = ahead.popleft()
        step = content.steps.get(at)
        below = levels[at] + (step.levels if step else 0)
        for target in exits_of(content, at):
            if below < levels.get(target, below + 1):
                levels[target] = below
                ahead.append(target)
    return levels


def keys_to(content: Content, start: str, wanted: Callable[[Step], bool]) -> int | None:
    """Return the least number of keys from here to a step that is wanted; None if none leads there."""
    keys, ahead = {start: 0}, deque([start])
    found: list[int] = []
    while ahead:
        at = ahead.popleft()
        step = content.steps.get(at)
        if step and wanted(step):
            found.append(keys[at])
        pressed = keys[at] + isinstance(step, Question)
        for target in _by_key(step):
            if pressed < keys.get(target, pressed + 1):
                keys[target] = pressed
                ahead.append(target)
    return min(found, default=None)


def _by_key(step: Step | None) -> set[str]:
    """Return where a caller comes to by pressing a key, or by waiting where nothing is asked."""
    if isinstance(step, Question):
        return {str(target) for target in step.ways().values()}
    return {str(target) for _, target in step.exits()} if step else set()
