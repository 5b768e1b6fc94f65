"""`ivr export`: shows all that is kept of one caller."""

import asyncio
import json
from typing import Any

import typer

from ivr.commands.erase import Caller
from ivr.config import Settings, read_settings


def export(number: Caller) -> None:
    """Print all that is kept of a number, as JSON, to be given to whoever it belongs to.

    Example: `ivr export +447700900123`.
    """
    typer.echo(json.dumps(asyncio.run(_export(read_settings(), number)), indent=2, ensure_ascii=False))


async def _export(settings: Settings, number: str) -> dict[str, Any]:
    from ivr.store import erasure
    from ivr.store.database import COMMAND_PATIENCE, Store

    async with Store(settings.database_url, settings.secrets, COMMAND_PATIENCE) as store, store.begin() as db:
        return await erasure.export(db, store.cipher, number)
