"""Our own hours can be read, if they stand in a file."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.our_hours import FILE, read_hours


def check(content: Content) -> Iterator[Problem]:
    """What is wrong in flows/hours.yaml; a helpline without that file is always open."""
    yield from read_hours(content.sources.get(FILE))[1]
