"""The files of sentences: read and written as a whole, never over a change that somebody else has made."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from ivr.simulator.browser.sentences import ChangeRefused

PROMPTS = "prompts"
MOST_UNDONE = 50
"""How many changes can be taken back, one after another."""


@dataclass(frozen=True)
class Change:
    """A change of a file: its bytes before, and the version after."""

    file: str
    before: bytes
    version: str
    place: tuple[str, ...]


class SentenceFiles:
    """The files with sentences of a content folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._changes: list[Change] = []

    def read(self, file: str) -> tuple[str, str]:
        """Return the text of a file and its version. Raises ChangeRefused."""
        data = self._bytes(file)
        try:
            return data.decode(), _version(data)
        except UnicodeDecodeError:
            raise ChangeRefused(f"{file} is no text that can be read: mend it in an editor first.") from None

    def require_writable(self, file: str) -> None:
        """Raise ChangeRefused for a file that this process may not replace."""
        path = self._path(file)
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise ChangeRefused(
                f"{file} is read only here, so its words cannot be changed. Copy the folder, and start with"
                " `ivr phone --folder COPY`."
            )

    def write(self, place: tuple[str, ...], version: str, change: Callable[[str], str]) -> str:
        """Replace a file of a version by its changed text, all at once; return the new version.

        Raises ChangeRefused, and writes nothing, if it is another version by now.
        """
        file = place[0]
        self.require_writable(file)
        before = self._bytes(file)
        if _version(before) != version:
            raise ChangeRefused(f"{file} has been changed meanwhile.")
        after = change(before.decode()).encode()
        self._replace(file, after)
        self._changes = [*self._changes[1 - MOST_UNDONE :], Change(file, before, _version(after), place)]
        return _version(after)

    def undo(self) -> tuple[str, ...]:
        """Take the last change back; return the place of its sentence. Raises ChangeRefused."""
        if not self._changes:
            raise ChangeRefused("There is no change to take back.")
        last = self._changes[-1]
        self.require_writable(last.file)
        if _version(self._bytes(last.file)) != last.version:
            raise ChangeRefused(f"{last.file} has been changed since, so the change cannot be taken back here.")
        self._replace(last.file, last.before)
        del self._changes[-1]
        return last.place

    def _path(self, file: str) -> Path:
        """Return the path of a file. Raises ChangeRefused for one that is not inside the folder, or leads out of it."""
        path = self.folder / file
        inside = (self.folder / PROMPTS).resolve()
        if ".." in Path(file).parts or path.is_symlink() or inside not in path.resolve().parents or not path.is_file():
            raise ChangeRefused(f"{file} is no file of this folder with sentences in it.")
        return path

    def _bytes(self, file: str) -> bytes:
        try:
            return self._path(file).read_bytes()
        except OSError as error:
            raise ChangeRefused(f"{file} cannot be read: {error.strerror}.") from None

    def _replace(self, file: str, data: bytes) -> None:
        path = self._path(file)
        try:
            with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as written:
                temporary = Path(written.name)
                written.write(data)
                written.flush()
                os.fsync(written.fileno())
            temporary.chmod(path.stat().st_mode & 0o7777)
            temporary.replace(path)
        except OSError as error:
            raise ChangeRefused(f"{file} cannot be written: {error.strerror}. Nothing was changed.") from None


def _version(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]
