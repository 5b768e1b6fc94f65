"""`ivr new`: a new service, from a template."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.options import AsJson
from ivr.commands.output import show, write
from ivr.commands.schema import files as schema_files
from ivr.config import EXAMPLE

EXAMPLE_NAME = "Westshire"
MADE_UP = re.compile(r"sure: V  # made up$", re.MULTILINE)
"""Fictional contacts are not spoken: in a new service they are marked as not verified."""
NEXT = """\
{folder} has a small service in it, as it stands in docs/another-county.md. Next:

  ivr check --folder {folder}                say what is wrong, with file and line
  ivr call --folder {folder}                 ring it from this terminal
  {folder}/flows/contacts.yaml               whom callers can turn to: no made-up number is said until it is checked
  {folder}/flows/hours.yaml                  when you are there
  {folder}/prompts/en-GB/                    what is said"""


def new(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or is empty.")],
    name: Annotated[
        str | None, typer.Option(help="The county's name, as callers hear it. Left out, it is the folder's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create the service of another county: a folder of flows and prompts to check, call and change.

    Existing files are never overwritten.

    Examples:

        ivr new my-county

        ivr new north --name "North Riding"
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise typer.BadParameter(f"There is something in {folder} already. Give a folder that does not exist yet.")
    county = " ".join((name or folder.resolve().name.replace("-", " ").replace("_", " ").title()).split())
    if not re.fullmatch(r"[A-Za-z][A-Za-z '.-]*", county):
        raise typer.BadParameter(f"“{county}” cannot be said as a county's name: write it in plain letters (--name).")
    written = []
    for file, text in files(county):
        write(folder / file, text, "FOLDER")
        written.append(str(folder / file))
    show({"files": written}, NEXT.format(folder=folder).splitlines(), as_json=as_json)


def files(county: str) -> Iterator[tuple[str, str]]:
    """Yield every file of a new service: those of the example, and the settings of editors."""
    for path in sorted(EXAMPLE.glob("*/**/*.yaml")):
        text = path.read_text("utf-8").replace(EXAMPLE_NAME, county)
        yield path.relative_to(EXAMPLE).as_posix(), MADE_UP.sub("sure: K", text)
    yield from schema_files()
