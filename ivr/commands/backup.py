"""`ivr backup`: a backup of the database while the helpline serves, tried by restoring it elsewhere."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.commands.database_source import say_where
from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import Who
from ivr.config import current_time, read_settings

if TYPE_CHECKING:
    from ivr.backup.take import Backup

READ_BACK = "read back, but not restored elsewhere: let an administrator of the server run ALTER ROLE … CREATEDB"


def backup(
    to: Annotated[str, typer.Argument(metavar="FILE|FOLDER/", help="In a folder, the file is named after the moment.")],
    who: Who,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of that name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Back up the database into a file that only you can read, while the helpline serves.

    Before it gets its name the backup is restored elsewhere, and compared. PostgreSQL needs pg_dump, pg_restore and
    psql for that. IVR_SECRET_KEY is not in it: keep that apart.

    Examples: `ivr backup backups/`, `ivr backup helpline.backup --overwrite --json`.
    """
    from ivr.backup.take import kind_of_url, record_backup, take

    settings = read_settings()
    say_where(settings)
    file = _file(to, kind_of_url(settings.database_url).suffix)
    taken = asyncio.run(take(settings.database_url, file, who, settings.secrets, overwrite=overwrite))
    asyncio.run(record_backup(settings.database_url, who.at))
    show(_fields(taken), [_line(taken)], as_json=as_json)


def _file(to: str, suffix: str) -> Path:
    is_folder = to.endswith("/") or Path(to).is_dir()
    return Path(to) / f"helpline-{current_time():%Y-%m-%d-%H%M%S}{suffix}" if is_folder else Path(to)


def _line(taken: "Backup") -> str:
    how = "restored elsewhere and compared" if taken.restored else READ_BACK
    contents = taken.contents
    return f"{taken.file}: {taken.bytes:,} bytes, {contents.rows:,} rows, schema {contents.schema}; {how}"


def _fields(taken: "Backup") -> Mapping[str, object]:
    contents = taken.contents
    return {
        "file": str(taken.file),
        "bytes": taken.bytes,
        "rows": contents.rows,
        "schema": contents.schema,
        "restored": taken.restored,
        "tables": contents.tables,
    }
