"""Nobody listens for long before what they rang for: a person, a topic, a deadline."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.routes import routes


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A way from pick-up of more seconds of speech than it may take, by the table in docs/seconds.md."""
    for route in routes(content, means):
        if route.seconds > route.most:
            says = (
                f"{route.to} is {route.seconds:.0f} seconds of speech from pick-up, and {route.most:.0f} are the most"
            )
            yield content.at_step(route.at, says)
