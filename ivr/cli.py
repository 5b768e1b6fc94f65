"""The one command, `ivr`, and what can follow it."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from ivr.errors import IvrError

CALLS = (
    *("serve", "worker", "migrate", "phone", "call", "deadline", "fallback"),
    *("inbox", "erase", "export", "purge", "secret", "bill"),
)
FILES = ("check", "facts", "kinds", "draw", "script", "schema", "new")
"""What is made of flows and prompts, or told of them."""
LISTS = ("rota", "closures", "callbacks", "messages")
"""Each with commands of its own."""
NAMES = (*CALLS, *FILES, *LISTS)


class Commands(Mapping[str, Any]):
    """By name; each stands in a module of that name, which is imported when it is run or its help is shown.

    So a web process loads what it serves with, and nothing that other commands need.
    """

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        found = getattr(import_module(f"ivr.commands.{name}"), name)
        if isinstance(found, typer.Typer):
            return typer.main.get_group(found)
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        return typer.main.get_command(alone)

    def __iter__(self) -> Iterator[str]:
        yield from NAMES

    def __len__(self) -> int:
        return len(NAMES)


class Ivr(TyperGroup):
    """The command that all others follow."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given | {"commands": Commands()})


app = typer.Typer(cls=Ivr)


@app.callback(no_args_is_help=True)
def ivr() -> None:
    """A helpline by telephone: what to do next, by when, and whom to ring."""


def main() -> None:
    """Run a command; what the operator can mend is told in words, with exit 1."""
    try:
        app()
    except IvrError as error:
        sys.exit(str(error))
