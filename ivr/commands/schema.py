"""`ivr schema`: JSON Schemas and editor settings."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from ivr.json_schemas.schemas import FOLDER, schemas, settings
from ivr.steps import KINDS


def schema(
    out: Annotated[Path, typer.Option(help="The folder with flows/ and prompts/.")] = Path(),
) -> None:
    """Write JSON Schemas of flows, contacts, hours and prompts, and editor settings that map them to files.

    Any editor with the YAML language server then completes kinds, exits and fields, and underlines errors.

    Examples: `ivr schema`, `ivr schema --out my-county`.
    """
    for name, text in files():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, "utf-8")
        typer.echo(str(out / name))


def files() -> Iterator[tuple[str, str]]:
    """Yield every file that `ivr schema` writes, with its name."""
    for name, one in schemas(KINDS).items():
        yield f"{FOLDER}/{name}", _text(one)
    yield ".vscode/settings.json", _text(settings())
    yield ".vscode/extensions.json", _text({"recommendations": ["redhat.vscode-yaml"]})


def _text(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
