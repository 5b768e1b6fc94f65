"""What the commands for staff have in common: one transaction, and who makes a change."""

import asyncio
from collections.abc import Awaitable, Callable
from getpass import getuser
from typing import Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.config import read_settings
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.database import COMMAND_PATIENCE, Store

Found = TypeVar("Found")
Who = Annotated[str | None, typer.Option("--by", help="Who does it, for the log; your login name if left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="For a machine to read.")]


def open_store(do: Callable[[AsyncConnection, Cipher], Awaitable[Found]]) -> Found:
    """What comes of one transaction at the database of the settings."""

    async def transact() -> Found:
        settings = read_settings()
        async with Store(settings.database_url, settings.secrets, COMMAND_PATIENCE) as store, store.begin() as db:
            return await do(db, store.cipher)

    return asyncio.run(transact())


def by(who: str | None) -> By:
    """Whoever makes a change, now."""
    return By(who or _login_name(), read_settings().clock())


def _login_name() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        return "somebody without a name"
