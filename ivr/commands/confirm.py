"""Asks a person before something is destroyed or disclosed."""

from typing import Annotated

import typer

from ivr.commands.output import tell
from ivr.errors import NotConfirmed

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask, for scripts.")]


def confirm(question: str, *, yes: bool) -> None:
    """Ask on standard error, unless `yes`; raises NotConfirmed if the answer is no, or if nobody answers."""
    if yes:
        return
    tell(f"{question} [y/N]: ", nl=False, err=True)
    answer = typer.get_text_stream("stdin").readline()
    if not answer:
        raise NotConfirmed("Nothing was done: nobody answered. In a script, --yes answers.")
    if answer.strip().casefold() not in ("y", "yes"):
        raise NotConfirmed("Nothing was done.")
