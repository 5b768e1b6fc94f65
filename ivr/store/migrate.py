"""Brings the tables of a database up to date. Only a command imports this: alembic takes more than a second to load."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ivr.errors import DatabaseUnavailable
from ivr.store.database import engine_for

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 60.0
"""Seconds to wait for whoever is using the database, another machine that migrates among them."""


def migrate(url: str, to: str = "head") -> None:
    """Take the database to a revision, from whichever it is at, in one transaction.

    Raises StoreDown when it cannot be reached. Doing it again changes nothing.
    """
    try:
        asyncio.run(_migrate(url, to))
    except (DBAPIError, OSError) as error:
        raise DatabaseUnavailable(f"the tables cannot be brought up to date: {error}") from error


async def _migrate(url: str, to: str) -> None:
    engine = engine_for(url, PATIENCE)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, to)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
