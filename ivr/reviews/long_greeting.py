"""The greeting is over in ten seconds: then the choices begin."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import GREETING
from ivr.helpline.routes import greeting


def review(content: Content, means: Means) -> Iterator[Problem]:
    """Everything that is said from the answer of a call to its first question."""
    at, seconds = greeting(content, means)
    if seconds > GREETING and at in content.steps:
        yield content.at_step(at, f"the greeting lasts {seconds:.0f} seconds, and {GREETING:.0f} are the most")
