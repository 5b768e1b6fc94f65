"""No menu has more choices than a caller can keep in mind."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.limits import MOST_CHOICES
from ivr.helpline.menus import menus_in


def check(content: Content) -> Iterator[Problem]:
    """A menu of more than five."""
    for menu in menus_in(content):
        if (count := len(menu.keys)) > MOST_CHOICES:
            yield menu.problem(f"this menu has {count} choices, and {MOST_CHOICES} are the most: split it in two")
