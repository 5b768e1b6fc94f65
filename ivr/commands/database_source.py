"""One line about the database that is used, without what is secret of its address."""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.commands.output import tell
from ivr.database_file import default_file, file_of

if TYPE_CHECKING:
    from ivr.config import Settings


def database_source(settings: "Settings") -> str:
    """Return which database is used, and why this one."""
    file = file_of(settings.database_url)
    if file is None:
        return "database: PostgreSQL (DATABASE_URL)"
    return f"database: {file.absolute()} ({_why(settings, file)})"


def say_where(settings: "Settings") -> None:
    """Say on standard error, once, which database is used if another folder would mean another one."""
    file = file_of(settings.database_url)
    if file and not file.is_absolute():
        _say(database_source(settings))


def _why(settings: "Settings", file: Path) -> str:
    if "database_url" not in settings.model_fields_set:
        return _kept_as_before(settings, file) if not file.is_absolute() else "DATABASE_URL is not set"
    return "DATABASE_URL" if file.is_absolute() else "DATABASE_URL begins at the current folder"


def _kept_as_before(settings: "Settings", file: Path) -> str:
    other = default_file(os.environ, dev=settings.dev)
    not_read = f"; {other} is not read" if other.exists() and other != file else ""
    return (
        "in the current folder, as in earlier releases: DATABASE_URL="
        f"sqlite:///{file.absolute()} names it from any folder{not_read}"
    )


_say = cache(lambda line: tell(line, err=True))
