"""What commands print, as text or as JSON, and the files they write."""

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import typer


def as_json_text(data: object) -> str:
    """Return data as JSON: dates in ISO 8601, dataclasses as objects."""
    return json.dumps(data, indent=2, ensure_ascii=False, default=_plain)


def show(data: object, lines: Iterable[str], *, as_json: bool, nothing: str = "") -> None:
    """Print data as JSON, or its lines as text: `nothing` where there are none."""
    typer.echo(as_json_text(data) if as_json else "\n".join(lines) or nothing)


def write(path: Path, content: str | bytes, option: str = "--out") -> None:
    """Write a file and the folders above it; raises BadParameter, naming the option, where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}.", param_hint=f"'{option}'") from None


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"no JSON for {type(value).__name__}")
