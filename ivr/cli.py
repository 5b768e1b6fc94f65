"""The command `ivr` and its subcommands."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ivr import __version__
from ivr.errors import InvalidInput, IvrError
from ivr.printable import printable, printable_line

PANELS = {
    "Try it": ("phone", "call", "demo", "deadline", "demo-data"),
    "Words and flows — for editors": ("check", "facts", "draw", "script", "kinds", "schema", "new"),
    "Callers — for advisers and managers": (
        *("callbacks", "messages", "inbox", "texts", "talks", "caller", "letter", "complaints", "optouts", "blocks"),
        *("rota", "hours", "closures", "holidays", "emergency"),
    ),
    "People — for managers and administrators": ("accounts", "alerts", "audit"),
    "Running it — for operators": (
        *(
            "setup",
            "serve",
            "worker",
            "console",
            "migrate",
            "doctor",
            "canary",
            "backup",
            "restore",
            "twilio",
            "fallback",
        ),
        *("secret", "bill", "clock", "purge", "erase", "export"),
    ),
}
"""The commands, by who uses them."""
NAMES = {name: panel for panel, names in PANELS.items() for name in names}
EXIT_CODES = """Exit codes:

0  done

1  the answer is bad (errors found, a call that failed), or it could not be done (a setting, the database, a name)

2  asked wrongly (an option, a date, a number, a folder that is none)

130  stopped with Ctrl-C"""


class Commands(Mapping[str, Any]):
    """The subcommands by name, each imported from the module of its name when it is run or its help is shown.

    A web process loads nothing that other commands need.
    """

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        module = name.replace("-", "_")
        found = getattr(import_module(f"ivr.commands.{module}"), module)
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command(name)(found)
            command = typer.main.get_command(alone)
        command.rich_help_panel = NAMES[name]
        return command

    def __iter__(self) -> Iterator[str]:
        yield from NAMES

    def __len__(self) -> int:
        return len(NAMES)


class Ivr(TyperGroup):
    """The group of all subcommands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given | {"commands": Commands()})

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what a person can mend is told on standard error without a traceback."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = printable(error.message)
            raise
        except IvrError as error:
            typer.echo("\n".join(map(printable_line, error.lines)), err=True)
            raise typer.Exit(2 if isinstance(error, InvalidInput) else 1) from error

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete the name of a command without importing any."""
        self.commands = {name: TyperCommand(name) for name in NAMES}
        return super().shell_complete(ctx, incomplete)


app = typer.Typer(cls=Ivr)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"ivr {__version__}")
        raise typer.Exit


@app.callback(no_args_is_help=True, epilog=EXIT_CODES)
def ivr(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A telephone helpline: what to do next, by when, and whom to ring."""


def main() -> None:
    """Run a command; it is called `ivr` however it was started, for the shell to complete it."""
    app(prog_name="ivr")
