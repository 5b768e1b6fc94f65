"""Is there room left on the disk of the database?"""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import disk_usage

from ivr.database_file import file_of
from ivr.doctor.registry import Finding, Subject, check, error, warning

MEGABYTE = 1_000_000
LOW, FULL = 500 * MEGABYTE, 50 * MEGABYTE
"""A message of three minutes takes three megabytes, and a backup as much as the database."""
MEND = "delete what is not needed there, such as old backups, or give it a larger disk"


@check
async def disk(subject: Subject) -> AsyncIterator[Finding]:
    """There are 500 MB left on the disk of this machine, where the database of SQLite is, or else this folder."""
    free = disk_usage(_folder(subject.settings.database_url)).free
    if free < LOW:
        find = error if free < FULL else warning
        yield find(f"only {free // (10 * MEGABYTE) * 10} MB are left on the disk", MEND)


def _folder(database_url: str) -> Path:
    file = file_of(database_url)
    return file.parent if file and file.parent.is_dir() else Path()
