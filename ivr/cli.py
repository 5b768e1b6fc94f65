"""The command `ivr` and its subcommands."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ivr.errors import IvrError

CALLS = (
    *("serve", "worker", "migrate", "phone", "call", "deadline", "fallback"),
    *("inbox", "erase", "export", "purge", "secret", "bill"),
)
FILES = ("check", "facts", "kinds", "draw", "script", "schema", "new")
"""Commands about flows and prompts."""
LISTS = ("rota", "closures", "callbacks", "messages")
"""Commands with subcommands."""
NAMES = (*CALLS, *FILES, *LISTS)


class Commands(Mapping[str, Any]):
    """The subcommands by name, each imported from the module of its name when it is run or its help is shown.

    A web process loads nothing that other commands need.
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
    """The group of all subcommands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given | {"commands": Commands()})


app = typer.Typer(cls=Ivr)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"ivr {version('ivr')}")
        raise typer.Exit


@app.callback(no_args_is_help=True)
def ivr(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A telephone helpline: what to do next, by when, and whom to ring."""


def main() -> None:
    """Run a command; errors that the operator can fix are printed without a traceback, with exit code 1."""
    try:
        app()
    except IvrError as error:
        sys.exit(str(error))
