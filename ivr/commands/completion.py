"""Values that the shell completes.

While completing nothing is printed and nothing asked: where a value cannot be had there is none.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, suppress
from io import StringIO
from pathlib import Path

import typer

from ivr.config import content_folder

Completion = Callable[[typer.Context, str], list[str]]


def completion(values: Callable[[typer.Context], Iterable[str]]) -> Completion:
    """Return what completes the beginning of a value."""

    def complete(context: typer.Context, incomplete: str) -> list[str]:
        with suppress(Exception), redirect_stderr(StringIO()):
            return [_escaped(value) for value in values(context) if value.startswith(incomplete)]
        return []

    return complete


def _escaped(value: str) -> str:
    """Return a value as bash puts it into the line, where a space would end it."""
    return value.replace(" ", "\\ ") if os.environ.get("_IVR_COMPLETE") == "complete_bash" else value


def of(*values: str) -> Completion:
    """Return what completes one of these values."""
    return completion(lambda _: values)


def folder_of(context: typer.Context) -> Path:
    """Return the content folder of an unfinished command line."""
    folder: Path | None = context.params.get("folder")
    return folder or content_folder()


def _scenarios(context: typer.Context) -> list[str]:
    folder = folder_of(context) / "tests/calls"
    return sorted(f"tests/calls/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*.yaml"))


scenarios = completion(_scenarios)
