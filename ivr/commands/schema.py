"""`ivr schema`: JSON Schemas and editor settings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.options import AsJson
from ivr.commands.output import as_json_text, show, write
from ivr.json_schemas.schemas import FOLDER, schemas, settings
from ivr.steps import KINDS


def schema(
    out: Annotated[Path, typer.Option(help="The folder with flows/ and prompts/.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write JSON Schemas of flows, contacts, hours and prompts, and editor settings that map them to files.

    Any editor with the YAML language server then completes kinds, exits and fields, and underlines errors.

    Examples: `ivr schema`, `ivr schema --out my-county`.
    """
    written = []
    for name, text in files():
        write(out / name, text)
        written.append(str(out / name))
    show({"files": written}, written, as_json=as_json)


def files() -> Iterator[tuple[str, str]]:
    """Yield every file that `ivr schema` writes, with its name."""
    for name, one in schemas(KINDS).items():
        yield f"{FOLDER}/{name}", _text(one)
    yield ".vscode/settings.json", _text(settings())
    yield ".vscode/extensions.json", _text({"recommendations": ["redhat.vscode-yaml"]})


def _text(data: object) -> str:
    return as_json_text(data) + "\n"
