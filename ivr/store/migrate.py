"""Migrates a database. Only a command imports this: alembic takes more than a second to load."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ivr.errors import DatabaseUnavailable
from ivr.store.database import engine_for
from ivr.store.schema_version import known_schema

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 60.0
"""Seconds to wait for others that use the database, such as another machine that migrates."""


def migrate(url: str, to: str = "head") -> tuple[str | None, str | None]:
    """Migrate the database to a revision, in one transaction; return its schema before (None: no tables) and after.

    Raise DatabaseUnavailable when it cannot be reached, SchemaTooNew when a newer release has migrated it. Doing it
    again changes nothing.
    """
    try:
        return asyncio.run(_migrate(url, to))
    except (DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise DatabaseUnavailable(f"the database of DATABASE_URL cannot be migrated: {reason}") from error


async def _migrate(url: str, to: str) -> tuple[str | None, str | None]:
    engine = engine_for(url, PATIENCE)
    try:
        async with engine.begin() as connection:
            before = await known_schema(connection)
            await connection.run_sync(_upgrade, to)
            return before, await known_schema(connection)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
