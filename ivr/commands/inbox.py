"""`ivr inbox`: shows staff the texts that came in."""

import asyncio
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ivr.config import Settings, read_settings

LONDON = ZoneInfo("Europe/London")


def inbox(limit: Annotated[int, typer.Option(help="How many, the newest first.")] = 20) -> None:
    """Print the texts that callers sent us, newest first; they are kept for thirty days.

    Example: `ivr inbox --limit 5`.
    """
    lines = asyncio.run(_lines(read_settings(), limit))
    typer.echo("\n".join(lines) if lines else "No texts have come in.")


async def _lines(settings: Settings, limit: int) -> list[str]:
    from ivr.store import sms_inbox as store_inbox
    from ivr.store.database import COMMAND_PATIENCE, Store

    async with Store(settings.database_url, settings.secrets, COMMAND_PATIENCE) as store, store.begin() as db:
        found = await store_inbox.read(db, store.cipher, limit)
    return [f"{text.received.astimezone(LONDON):%a %d %b %Y %H:%M}  {text.number}: {text.body}" for text in found]
