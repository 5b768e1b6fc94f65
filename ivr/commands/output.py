"""What commands print, as text or as JSON, and the files they write.

Only here is anything printed: what comes from outside reaches a terminal as words and nothing else.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import typer

from ivr.printable import is_printable, printable, printable_line
from ivr.store import private_files


def as_json_text(data: object) -> str:
    """Return data as JSON: dates in ISO 8601, dataclasses as objects, what cannot be seen as `\\u` and its code."""
    text = json.dumps(data, indent=2, ensure_ascii=False, default=_plain)
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def show(data: object, lines: Iterable[str], *, as_json: bool, nothing: str = "") -> None:
    """Print data as JSON, or its lines as text: `nothing` where there are none. A line stays one, whatever is in it."""
    typer.echo(as_json_text(data) if as_json else "\n".join(map(printable_line, lines)) or nothing)


def tell(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a sentence, or lines of ours; to standard error if `err`."""
    typer.echo(printable(text), err=err, nl=nl)


def print_document(text: str) -> None:
    """Print a whole document, which goes into a file or another program as it is."""
    typer.echo(printable(text) if sys.stdout.isatty() else text, nl=False)


def write(path: Path, content: str | bytes, option: str = "--out") -> None:
    """Write a file and the folders above it; raises BadParameter, naming the option, where that is not possible."""
    with _naming(path, option):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def write_private(path: Path, content: bytes, option: str) -> None:
    """Write a file that only its owner can read, and folders such as it; raises BadParameter like `write`."""
    with _naming(path, option):
        private_files.create_folder(path.parent)
        private_files.write(path, content)


@contextmanager
def _naming(path: Path, option: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}.", param_hint=f"'{option}'") from None


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"no JSON for {type(value).__name__}")


def _escaped(json_line: str) -> str:
    """Return a line of JSON that says the same: only within its strings is there anything that cannot be seen."""
    return "".join(one if is_printable(one) else _code_units(one) for one in json_line)


def _code_units(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
