"""Finds one item by the beginning of its id, as staff write it."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from ivr.errors import IvrError

SHOWN = 8
"""Characters of an id in a list and in the audit log; any unique prefix will do."""


class NoSuchItem(IvrError):
    """No item, or more than one, whose id begins so."""


class Identified(Protocol):
    """An item that has an id."""

    @property
    def id(self) -> str:
        """Return the id, in lower case."""


Item = TypeVar("Item", bound=Identified)


def by_prefix(items: Iterable[Item], prefix: str, noun: str) -> Item:
    """Return the only item whose id begins with a prefix; raise NoSuchItem where none or several do."""
    found = [item for item in items if prefix and item.id.startswith(prefix.lower())]
    if not found:
        raise NoSuchItem(f"No {noun} has an id that begins with “{prefix}”.")
    if len(found) > 1:
        raise NoSuchItem(f"{len(found)} {noun}s have an id that begins with “{prefix}”: write more of it.")
    return found[0]
