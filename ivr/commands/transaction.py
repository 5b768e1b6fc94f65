"""The database of the settings, for a command, and who makes a change in it."""

import asyncio
from collections.abc import Awaitable, Callable
from getpass import getuser
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands.database_source import say_where
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.database_file import file_of
from ivr.errors import DatabaseUnavailable, SettingsError
from ivr.staff.accounts import known_as
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


def _known_as(context: typer.Context, who: By) -> By:
    """Return who it is by their account, if they have one."""
    if context.resilient_parsing:
        return who
    try:
        is_there = _is_there(usable_settings().database_url)
        return in_transaction(lambda db, cipher: known_as(db, cipher, who)) if is_there else who
    except (DatabaseUnavailable, SettingsError):  # a database of an older schema is backed up all the same
        return who  # other commands say what is wrong once they need it


def _is_there(database_url: str) -> bool:
    file = file_of(database_url)
    return file is None or file.exists()


def _option(help: str, callback: Callable[[typer.Context, By], By] | None = None) -> Any:
    return typer.Option(
        "--by",
        parser=by,
        callback=callback,
        default_factory=_login_name,
        metavar="NAME",
        show_default="your login name",
        help=help,
    )


Who = Annotated[
    By, _option("Who does it, for the audit log: the name or e-mail address of an account, or any name.", _known_as)
]
Operator = Annotated[By, _option("Who does it, for the audit log.")]
"""For a command before which the database must not be opened."""
