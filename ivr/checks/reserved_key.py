"""0, star and hash mean the same everywhere, so no menu gives them another meaning."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.menus import SERVICE_KEYS, menus_in


def check(content: Content) -> Iterator[Problem]:
    """A choice under a key of the service: it would never be taken."""
    for menu in menus_in(content):
        for key in menu.keys:
            if key in SERVICE_KEYS:
                yield menu.problem(f"{key} belongs to the service: it is {SERVICE_KEYS[key]}, everywhere", key)
