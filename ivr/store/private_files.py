"""Files and folders that only their owner can read, whatever the umask is."""

import logging
import os
import stat
from pathlib import Path

log = logging.getLogger(__name__)

FILE, FOLDER = 0o600, 0o700
OTHERS = 0o077
"""What the group and everybody else may do."""
BESIDE = ("", "-wal", "-shm", "-journal")
"""The endings of the files that SQLite keeps beside a database; it makes them with the permissions of the database."""


def create(path: Path) -> None:
    """Create an empty file; raise FileExistsError if there is one, OSError if it cannot be created."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    path.chmod(FILE)


def create_folder(path: Path) -> None:
    """Create a folder, and those above it that are missing; raise OSError where that is not possible."""
    if not path.is_dir():
        create_folder(path.parent)
        path.mkdir(FOLDER, exist_ok=True)
        path.chmod(FOLDER)


def write(path: Path, content: bytes) -> None:
    """Write a file, over any other; raise OSError where that is not possible."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, FILE), "wb") as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # and not a terminal or a pipe
            os.fchmod(file.fileno(), FILE)
        file.write(content)


def create_database(path: Path) -> None:
    """Create an empty SQLite database unless there is one; take from others what they may do with one that is there.

    A file that is there is not opened: to close it again would free the locks that this process has on it
    (https://www.sqlite.org/howtocorrupt.html). Raise OSError where it cannot be created.
    """
    try:
        create(path)
    except FileExistsError:
        for ending in BESIDE:
            _close_to_others(Path(f"{path}{ending}"))


def _close_to_others(path: Path) -> None:
    """Take from others what they may do with a file; log that it was open, and what to do if it is not ours."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return
    if not mode & OTHERS:
        return
    try:
        path.chmod(mode & ~OTHERS)
        log.warning("file could be used by others, and is closed to them now: path=%s mode=%s", path, f"{mode:04o}")
    except OSError:
        log.warning("file can be used by others, let its owner run chmod 600: path=%s mode=%s", path, f"{mode:04o}")
