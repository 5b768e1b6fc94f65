"""The journals of all sessions, in a private folder: a few, for a day."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

from ivr.simulator.browser.journal import Journal, JournalEntry, read_journal

SECONDS_KEPT = 24 * 3600
MAX_JOURNALS = 50
FOLDER_MODE = 0o700
NAME = re.compile(r"[\w-]{8,40}")


class Journals:
    """The journals in a folder, by the name of their session; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def create(self, name: str, entries: Sequence[JournalEntry]) -> Journal | None:
        """Create the journal of a session that begins with these entries; None if nothing can be kept."""
        if self._folder is None:
            return None
        try:
            self._folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
            self._folder.chmod(FOLDER_MODE)
            self._prune(self._folder)
            return Journal(self._folder / f"{name}.jsonl", entries)
        except OSError:
            return None

    def read(self, name: str) -> list[JournalEntry]:
        """Return the journal of a session; nothing if there is none, or none any more."""
        if self._folder is None or not NAME.fullmatch(name):
            return []
        path = self._folder / f"{name}.jsonl"
        return [] if _age(path) > SECONDS_KEPT else read_journal(path)

    def _prune(self, folder: Path) -> None:
        newest_first = sorted(folder.glob("*.jsonl"), key=_age)
        for place, path in enumerate(newest_first):
            if place >= MAX_JOURNALS - 1 or _age(path) > SECONDS_KEPT:
                path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """Return the seconds since a file was written; infinity if it is not there."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
