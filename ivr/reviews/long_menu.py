"""No menu lasts longer than twenty seconds, however it is come to."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.seconds import seconds_of
from ivr.errors import Problem
from ivr.helpline.limits import MENU


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A menu of more, at the first try or at a later one; in whichever language it is longest."""
    longest: dict[str, float] = {}
    for heard in means.heard:
        if content.steps[heard.at].levels:
            longest[heard.at] = max(longest.get(heard.at, 0.0), round(seconds_of(heard.turn, means.measure), 1))
    for at, seconds in longest.items():
        if seconds > MENU:
            yield content.at_step(at, f"the menu {at} lasts {seconds:.0f} seconds, and {MENU:.0f} are the most")
