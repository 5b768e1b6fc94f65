"""The option --folder of all commands that read flows and prompts, and the line that says which ones are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ivr.config import CONTENT, CONTENT_FOLDERS, content_folder, content_of


def source(folder: Path, named_by: str = "--folder or IVR_CONTENT") -> str:
    """Return one line about the content that is read, and about that of the current folder if that is another."""
    whose = "the program's own" if folder.resolve() == CONTENT.resolve() else named_by
    line = f"content: {folder.resolve()} ({whose})"
    here = Path()
    if folder.resolve() != here.resolve() and all((here / name).is_dir() for name in CONTENT_FOLDERS):
        line += f"; flows/ and prompts/ of {here.resolve()} are not read: --folder . reads them"
    return line


def _given_or_default(context: typer.Context, folder: Path | None) -> Path:
    return _given(folder) if folder else content_folder()


def _told(context: typer.Context, folder: Path | None) -> Path:
    """Return the folder, and say on standard error which it is unless it was given or is the current one."""
    found = _given_or_default(context, folder)
    if not (folder or found.resolve() == Path.cwd() or context.resilient_parsing):
        typer.echo(source(found, "IVR_CONTENT"), err=True)
    return found


def _given(folder: Path) -> Path:
    try:
        return content_of(folder)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _option(callback: Callable[[typer.Context, Path | None], Path]) -> Any:
    return typer.Option(
        "--folder",
        callback=callback,
        default_factory=lambda: None,
        show_default="that of IVR_CONTENT, or the program's own",
        help="The folder with flows/ and prompts/.",
    )


Folder = Annotated[Path, _option(_told)]
ServedFolder = Annotated[Path, _option(_given_or_default)]
"""Where the log tells of it."""
