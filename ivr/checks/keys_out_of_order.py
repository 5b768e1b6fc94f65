"""The keys of a menu go 1, 2, 3 in order, without gaps: whoever has heard two choices knows what the third will be."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.menus import expected_keys, menus_in


def check(content: Content) -> Iterator[Problem]:
    """The first key of a menu that is not the next one; `ivr check --fix` numbers them anew."""
    for menu in menus_in(content):
        for key, expected in zip(menu.keys, expected_keys(menu.keys), strict=True):
            if key != expected:
                yield menu.problem(f"keys go 1, 2, 3 in order, without gaps: this one should be {expected}", key)
                break
