"""`ivr purge`: deletes data past its retention period."""

import asyncio
import json

import typer

from ivr.commands.arguments import AsJson
from ivr.config import Settings, read_settings
from ivr.store import retention
from ivr.wiring import build_store


def purge(as_json: AsJson = False) -> None:
    """Delete data past its retention period; the worker does so every day.

    The periods are defined in ivr/store/retention.py. Examples: `ivr purge`, `ivr purge --json`.
    """
    gone = asyncio.run(_purge(read_settings()))
    if as_json:
        typer.echo(json.dumps(gone))
    else:
        typer.echo("\n".join(f"{rows:6} of {table}" for table, rows in gone.items()))


async def _purge(settings: Settings) -> dict[str, int]:
    async with build_store(settings) as store:
        async with store.begin() as db:
            gone = await retention.purge(db, settings.clock())
        await store.scrub()
    return gone
