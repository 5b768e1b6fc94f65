"""The database of the settings, for a command, and who makes a change in it."""

import asyncio
from collections.abc import Awaitable, Callable
from getpass import getuser
from typing import Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands.database_source import say_where
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.database import COMMAND_PATIENCE, Store
from ivr.wiring import build_store

Found = TypeVar("Found")


def with_store(do: Callable[[Store], Awaitable[Found]], patience: float = COMMAND_PATIENCE) -> Found:
    """Run a function on the database and return its result; `patience` is in seconds, for a transaction."""

    settings = usable_settings()
    say_where(settings)

    async def run() -> Found:
        async with build_store(settings, patience) as store:
            return await do(store)

    return asyncio.run(run())


def in_transaction(
    do: Callable[[AsyncConnection, Cipher], Awaitable[Found]], patience: float = COMMAND_PATIENCE
) -> Found:
    """Run a function in one transaction and return its result."""

    async def transact(store: Store) -> Found:
        async with store.begin() as db:
            return await do(db, store.cipher)

    return with_store(transact, patience)


def _login_name() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        return "somebody without a name"


def by(name: str) -> By:
    """Return who makes a change, and when, for the audit log."""
    return By(name.strip() or _login_name(), current_time())


Who = Annotated[
    By,
    typer.Option(
        "--by",
        parser=by,
        default_factory=_login_name,
        metavar="NAME",
        show_default="your login name",
        help="Who does it, for the audit log.",
    ),
]
