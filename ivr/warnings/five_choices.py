"""A menu of five choices is one too many for many callers, though it is allowed."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import CHOICES_AT_EASE, MOST_CHOICES
from ivr.helpline.menus import menus_in


def warn(content: Content, means: Means) -> Iterator[Problem]:
    """A menu of more than four choices, up to the most that there may be."""
    for menu in menus_in(content):
        if CHOICES_AT_EASE < (count := len(menu.keys)) <= MOST_CHOICES:
            yield menu.problem(f"this menu has {count} choices; {CHOICES_AT_EASE} are easier to keep in mind")
