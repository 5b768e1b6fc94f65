"""The menus of flows as they are written, those with mistakes too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr.engine.content import Content
from ivr.engine.question import AGAIN, BACK, PERSON
from ivr.engine.yaml import Source
from ivr.errors import Problem

CHOICES = "choices"
SERVICE_KEYS = {PERSON: "a person", AGAIN: "to hear it again", BACK: "to go back"}


@dataclass(frozen=True)
class WrittenMenu:
    """The keys of one menu, in the order in which they stand in its file."""

    source: Source
    name: str
    keys: tuple[str, ...]

    def problem(self, says: str, *key: str) -> Problem:
        """Return a problem at the menu's choices, or at one of them."""
        return self.source.problem(says, self.name, CHOICES, *key)


def menus_in(content: Content) -> Iterator[WrittenMenu]:
    """Yield a menu for each entry of a flow that has choices."""
    for file, name in content.named.values():
        entry = content.sources[file].content[name]
        choices = entry.get(CHOICES) if isinstance(entry, dict) else None
        if isinstance(choices, dict):
            yield WrittenMenu(content.sources[file], name, tuple(choices))


def expected_keys(keys: Sequence[str]) -> list[str]:
    """Return the keys in order, one for each of those given; keys of the service are left as they are.

    >>> expected_keys(["1", "3", "0", "4"])
    ['1', '2', '0', '3']
    """
    ours = iter(range(1, len(keys) + 1))
    return [key if key in SERVICE_KEYS else str(next(ours)) for key in keys]
