"""Restores a backup: beside the database first, where it is checked and migrated, and then in its place, at once.

The present database is put aside and never deleted.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from ivr.backup.contents import BackupFailed, Contents, opens, seal_audit_log
from ivr.backup.kind import Kind
from ivr.backup.since import Settled, Since, read_since, settle
from ivr.backup.take import KINDS, kind_of_url, load, opened
from ivr.errors import IvrError
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.migrate import migrate

IN_USE = (
    "the database of DATABASE_URL is in use: stop ivr serve and ivr worker, and restore again. --force restores it"
    " while they run: calls go on, and what is promised in the seconds that it takes is lost"
)
OTHER_KEY = (
    "IVR_SECRET_KEY opens no number in it: set the key of that time, behind a comma, and restore again."
    " --force restores it as it is: numbers, words and sounds cannot be read"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person is asked about: what would be restored, and whether others use the database."""

    file: Path
    contents: Contents
    in_use: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, where the database before it is now, and what to do again."""

    file: Path
    contents: Contents
    aside: str | None
    settled: Settled
    since: Since | None
    """None where the database before could not be read."""


async def restore(
    url: str, file: Path, by: By, secrets: Sequence[bytes], ask: Callable[[Plan], None], *, force: bool = False
) -> Restored:
    """Restore a backup once `ask` returns; raise BackupFailed, SchemaTooNew or DatabaseUnavailable.

    `force` restores it while others use the database, and with a key that does not fit.
    """
    kind = kind_of_url(url)
    _require_kind(kind, file)
    in_use = await kind.is_in_use(url)
    if in_use and not force:
        raise BackupFailed(IN_USE)
    async with kind.throw_away(url) as prepared:
        contents = await _prepare(kind, file, prepared, None if force else Cipher(secrets))
        ask(Plan(file, contents, in_use))
        since = await _since(url if in_use else kind.to_read(url, prepared), contents)
        async with opened(prepared) as db:
            await seal_audit_log(db, secrets)
            settled = await settle(db, since or Since(), f"restored the backup {file.name}", by)
        aside = await kind.swap(prepared, url, f"before-restore-{by.at:%Y%m%d-%H%M%S}-{token_hex(2)}", in_use=in_use)
    return Restored(file, contents, aside, settled, since)


def _require_kind(kind: Kind, file: Path) -> None:
    """Raise BackupFailed for a file that is no backup, or one of the other kind."""
    try:
        with file.open("rb") as opened_file:
            begins = opened_file.read(16)
    except OSError as error:
        raise BackupFailed(f"{file} cannot be read: {error.strerror}") from None
    found = next((one for one in KINDS if begins.startswith(one.magic)), None)
    if found is None:
        raise BackupFailed(f"{file} is no backup: `ivr backup` makes one")
    if found is not kind:
        raise BackupFailed(f"{file} is a backup of {found.name}, and DATABASE_URL is {kind.name}")


async def _prepare(kind: Kind, file: Path, url: str, cipher: Cipher | None) -> Contents:
    """Restore a backup beside the database and migrate it; return what was in it."""
    try:
        contents = await load(kind, file, url)
        await asyncio.to_thread(migrate, url)
        async with opened(url) as db:
            if cipher and not await opens(db, cipher):
                raise BackupFailed(OTHER_KEY)
    except BackupFailed as error:
        raise BackupFailed(f"{file}: {error}") from None
    return contents


async def _since(url: str, contents: Contents) -> Since | None:
    """Return what the present database knows besides; None where it cannot be read, or there is none."""
    try:
        async with opened(url, snapshot=True) as db:
            return await read_since(db, contents.mark)
    except (IvrError, OSError):
        return None
