"""Nothing is said for longer than half a minute without a stop."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.seconds import seconds_of
from ivr.errors import Problem
from ivr.helpline.limits import ANSWER


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A page, or any other turn, of more than 30 seconds; in whichever language it is longest."""
    longest: dict[str, float] = {}
    for heard in means.heard:
        longest[heard.at] = max(longest.get(heard.at, 0.0), round(seconds_of(heard.turn, means.measure), 1))
    for at, seconds in longest.items():
        if seconds > ANSWER and not content.steps[at].levels:
            says = f"{at} speaks for {seconds:.0f} seconds without a stop, and {ANSWER:.0f} are the most"
            yield content.at_step(at, says)
