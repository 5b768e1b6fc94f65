"""Where the SQLite database is while DATABASE_URL is not set: one file, whatever folder a command is run in."""

from collections.abc import Mapping
from pathlib import Path

OLD = Path("helpline.db")
"""Where earlier releases kept it: in the folder that they were started in. It stays there until somebody moves it."""


def default_file(environment: Mapping[str, str], *, dev: bool) -> Path:
    """Return the file in the user's own folder for data; development has another, so that it never meets callers.

    A user without a home, as in some containers, has it in the current folder.
    https://specifications.freedesktop.org/basedir/latest
    """
    try:
        folder = Path(environment.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    except RuntimeError:
        return OLD
    return folder / "ivr" / ("development.db" if dev else "helpline.db")


def default_url(environment: Mapping[str, str], *, dev: bool) -> str:
    """Return the value of DATABASE_URL while it is not set."""
    return f"sqlite:///{OLD if OLD.exists() else default_file(environment, dev=dev)}"


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite database; None for PostgreSQL."""
    return Path(url.partition(":///")[2]) if url.startswith("sqlite") else None
