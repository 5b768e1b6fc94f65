"""`ivr purge`: deletes what has been kept long enough."""

import asyncio
import json
from typing import Annotated

import typer

from ivr.config import Settings, read_settings


def purge(
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
) -> None:
    """Delete everything that has been kept long enough; the worker does so every day.

    How long that is stands in ivr/store/retention.py. Examples: `ivr purge`, `ivr purge --json`.
    """
    gone = asyncio.run(_purge(read_settings()))
    if as_json:
        typer.echo(json.dumps(gone))
    else:
        typer.echo("\n".join(f"{rows:6} of {table}" for table, rows in gone.items()))


async def _purge(settings: Settings) -> dict[str, int]:
    from ivr.store.database import COMMAND_PATIENCE, Store
    from ivr.store.retention import purge

    async with Store(settings.database_url, settings.secrets, COMMAND_PATIENCE) as store:
        async with store.begin() as db:
            gone = await purge(db, settings.clock())
        await store.scrub()
    return gone
