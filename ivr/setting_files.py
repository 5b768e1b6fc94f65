"""Reads settings from files: from `.env`, and from those that NAME_FILE names, whose text is the value of NAME.

Docker and Podman hand secrets over as files under `/run/secrets`, systemd as credentials.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from ivr.errors import SettingsError

SUFFIX = "_FILE"
MAX_BYTES = 64_000


def with_files(variables: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """Return the variables with each of `names` that is given as a file read from it.

    White space around the text is dropped: an editor ends a file with a new line. Raises SettingsError, with a line for
    each file that cannot be read and each setting that is given twice. A value is never in it.
    """
    given = {name: f"{name}{SUFFIX}" for name in sorted(names) if f"{name}{SUFFIX}" in variables}
    read, wrong = dict[str, str](), list[str]()
    for name, file in given.items():
        try:
            if name in variables:
                raise ValueError(f"{name} is set too; leave one of them out")
            read[name] = _text(Path(variables[file]))
        except ValueError as error:
            wrong.append(f"{file}: {error}")
    if wrong:
        raise SettingsError("\n".join(wrong))
    return {name: value for name, value in variables.items() if name not in given.values()} | read


def values_in(file: Path) -> Mapping[str, str | None]:
    """Return what is set in a file of settings such as `.env`. Raises SettingsError for one that cannot be read."""
    with _reading(file):
        return dotenv_values(file)


def invalid_lines(file: Path) -> list[str]:
    """Return a line for each place in a file of settings that is none, and is passed over; a value is never in it.

    A file that is not there has none. Raises SettingsError for one that cannot be read.
    """
    if not file.exists():
        return []
    with _reading(file), file.open(encoding="utf-8") as opened:
        wrong = [one.original.line for one in parse_stream(opened) if one.error]
    return [
        f"{file}, line {line}: this is no setting. Write NAME=value, and close each quotation mark" for line in wrong
    ]


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from None


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise ValueError(f"{file} is longer than {MAX_BYTES} bytes: that is no setting")
    try:
        text = content.decode().strip()
    except UnicodeDecodeError:
        raise ValueError(f"{file} is no text") from None
    if not text:
        raise ValueError(f"{file} is empty")
    return text
