"""One database transaction for a command, and who makes a change."""

import asyncio
from collections.abc import Awaitable, Callable
from getpass import getuser
from typing import Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.config import read_settings
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.wiring import build_store

Found = TypeVar("Found")
Who = Annotated[
    str | None, typer.Option("--by", help="Who makes the change, for the audit log; your login name if left out.")
]


def in_transaction(do: Callable[[AsyncConnection, Cipher], Awaitable[Found]]) -> Found:
    """Run a function in one transaction on the database of the settings, and return its result."""

    async def transact() -> Found:
        async with build_store(read_settings()) as store, store.begin() as db:
            return await do(db, store.cipher)

    return asyncio.run(transact())


def by(who: str | None) -> By:
    """Return who makes a change, and when, for the audit log."""
    return By(who or _login_name(), read_settings().clock())


def _login_name() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        return "somebody without a name"
