"""What SQLite and PostgreSQL each do in their own way."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class Kind(Protocol):
    """One kind of database. Every method raises BackupFailed with what to do."""

    name: str
    suffix: str
    """The ending of a backup's file."""
    magic: bytes
    """How a backup begins."""

    async def dump(self, db: AsyncConnection, url: str, file: Path) -> None:
        """Write all that the transaction sees into an empty file."""

    def throw_away(self, url: str, folder: Path | None = None) -> AbstractAsyncContextManager[str]:
        """Make an empty database beside the one of `url`, and yield its URL; it is deleted in the end.

        A file can be made in another folder.
        """

    async def load(self, file: Path, url: str) -> None:
        """Restore a backup into an empty database, and look for damage."""

    async def is_in_use(self, url: str) -> bool:
        """Return whether other processes have the database open."""

    def to_read(self, url: str, prepared: str) -> str:
        """Return where the present database, which is not in use, can be read without changing it."""

    async def swap(self, prepared: str, url: str, aside: str, *, in_use: bool) -> str | None:
        """Put the prepared database in the place of the one of `url`, at once and whole or not at all.

        The present one is put aside under a name that holds `aside`: return where, None if there was none. `in_use`
        allows others to have it open.
        """
