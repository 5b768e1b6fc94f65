"""`ivr restore`: puts a backup in the place of the database, which is put aside."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.commands.confirm import Yes, confirm
from ivr.commands.database_source import database_source
from ivr.commands.options import AsJson
from ivr.commands.output import show, tell
from ivr.commands.transaction import Operator
from ivr.config import read_settings
from ivr.helpline.timezone import LONDON

if TYPE_CHECKING:
    from ivr.backup.contents import Contents
    from ivr.backup.restore import Plan, Restored

FORCED = "Others use the database: calls go on, and what is promised in the seconds that this takes is lost."
WHAT_IS_LOST = "What was promised to callers since is lost with the database: see docs/backup.md."
RESTART = "Start ivr serve and ivr worker, or restart those that run."


def restore(
    file: Annotated[Path, typer.Argument(help="A file of `ivr backup`, or a database that was put aside.")],
    who: Operator,
    yes: Yes = False,
    force: Annotated[
        bool, typer.Option("--force", help="Restore while others use the database, or with a key that opens nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database, which is put aside and not deleted.

    The backup is checked, and migrated to the schema of this release, before anything is changed. No text that was
    sent since is sent again; whoever said STOP since stays stopped. What staff did since is listed, to be done again.

    Examples: `ivr restore backups/helpline-2026-11-23-030000.db`, `ivr restore helpline.backup --yes --json`.
    """
    from ivr.backup.restore import restore as restore_file
    from ivr.wiring import create_default_folder

    settings = read_settings()
    create_default_folder(settings)
    tell(database_source(settings), err=True)

    def ask(plan: "Plan") -> None:
        confirm(f"{_about(plan)}\nRestore it?", yes=yes)

    restored = asyncio.run(restore_file(settings.database_url, file, who, settings.secrets, ask, force=force))
    show(_fields(restored), _lines(restored), as_json=as_json)


def _about(plan: "Plan") -> str:
    forced = [FORCED] if plan.in_use else []
    return "\n".join([f"{plan.file}: {_of(plan.contents)}.", WHAT_IS_LOST, *forced])


def _of(contents: "Contents") -> str:
    taken = f", taken {contents.mark.at.astimezone(LONDON):%a %d %b %Y %H:%M}" if contents.mark else ""
    return f"{contents.rows:,} rows, schema {contents.schema}{taken}"


def _lines(restored: "Restored") -> Iterator[str]:
    settled, since = restored.settled, restored.since
    yield f"Restored: {restored.file}, {_of(restored.contents)}."
    if restored.aside:
        yield f"The database before it is in {restored.aside}: delete that when all is well."
    yield f"{settled.texts} texts may have been sent since: each is looked for at the provider before it is sent."
    yield f"{settled.opt_outs} opt-outs since were kept." if since else "Opt-outs since are lost: none could be read."
    if since and since.done:
        yield "Done since by staff, and to be done again:"
        for entry in since.done:
            yield f"  {entry.at.astimezone(LONDON):%a %d %b %Y %H:%M}  {entry.who}: {entry.what}"
    yield RESTART


def _fields(restored: "Restored") -> Mapping[str, object]:
    return {
        "file": str(restored.file),
        "rows": restored.contents.rows,
        "schema": restored.contents.schema,
        "aside": restored.aside,
        "texts_to_look_for": restored.settled.texts,
        "opt_outs_kept": restored.settled.opt_outs,
        "done_since": list(restored.since.done) if restored.since else None,
    }
