"""The journal of a session: how it began and every action in it, from which it is played again after a restart.

A session is deterministic on its own clock, so its journal is all that is kept of it. It is a file of JSON, a line for
the beginning and one for each action; consecutive `listen`s are one. A line that was not written to its end is not
read, and neither is what follows it.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

BEGIN, LISTEN, DESK = "begin", "listen", "desk"
MAX_BYTES = 2_000_000
"""A journal that grows beyond is given up: its session cannot be taken up again."""
FILE_MODE = 0o600


@dataclass(frozen=True)
class JournalEntry:
    """An action with its fields, and what had come of it.

    `now` is the second of the clock afterwards, `state` where the call stood, `words` a checksum of all that was said
    and texted. `id` is that of the page's request.
    """

    action: str
    fields: Mapping[str, object]
    now: float
    state: str
    words: int
    id: str = ""


@dataclass(frozen=True)
class Restored:
    """How a session came out that was played again: since which second its words differ, or its way.

    Where the way differs, the session stands at that second and goes on from there.
    """

    words_since: float | None = None
    way_since: float | None = None


class Journal:
    """The journal in a file, written by one session only; it begins with the entries of a session played again."""

    def __init__(self, path: Path, entries: Iterable[JournalEntry] = ()) -> None:
        self._path = path
        self._last: JournalEntry | None = None
        self._start_of_last = self._end = 0
        unfinished = path.with_suffix(".new")
        descriptor = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            for entry in entries:
                self._moved_on(entry, self._end, file.write(_line(entry)))
        unfinished.replace(path)

    def add(self, entry: JournalEntry) -> None:
        """Write an entry; a `listen` takes the place of the one before. A full disk is no reason to stop a call."""
        goes_on = self._last and self._last.action == entry.action == LISTEN
        start, line = self._start_of_last if goes_on else self._end, _line(entry)
        try:
            if start + len(line) > MAX_BYTES:
                self._path.unlink(missing_ok=True)
                return
            with self._path.open("r+b") as file:
                file.seek(start)
                file.write(line)
                file.truncate()
        except OSError:
            return
        self._moved_on(entry, start, len(line))

    def _moved_on(self, entry: JournalEntry, start: int, length: int) -> None:
        self._last, self._start_of_last, self._end = entry, start, start + length


def _line(entry: JournalEntry) -> bytes:
    return f"{json.dumps(asdict(entry), ensure_ascii=False)}\n".encode()


def read_journal(path: Path) -> list[JournalEntry]:
    """Return the entries of a journal, the beginning first; none if there is no file or it cannot be read."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError:
        return []
    entries: list[JournalEntry] = []
    for line in lines:
        try:
            entries.append(JournalEntry(**json.loads(line)))
        except (ValueError, TypeError):
            break
    return entries if entries and entries[0].action == BEGIN else []
