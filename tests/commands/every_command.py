"""Every command of `ivr`, with the options that it takes."""

from collections.abc import Iterator
from typing import Any

from ivr.cli import NAMES, Commands


def every_command() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command that does something, with the words that name it."""
    for name in NAMES:
        command = Commands()[name]
        below = getattr(command, "commands", None)
        if below is None:
            yield (name,), command
        else:
            yield from (((name, one), below[one]) for one in below)


def with_option(option: str) -> list[tuple[str, ...]]:
    """Return the commands that take an option."""
    return [words for words, command in every_command() if any(option in one.opts for one in command.params)]
