"""Compares the schema of the database with the one that this release reads and writes."""

from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, column, create_engine, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import SchemaNotMigrated, SchemaTooNew
from ivr.store import private_files
from ivr.store.tables import metadata

SCHEMAS = tuple(f"{number:03}" for number in range(1, 19))
"""Every revision in `migrations/versions`, the newest last."""


def create_tables(url: str) -> None:
    """Create all tables of an empty SQLite database, in a file that only its owner can read.

    alembic takes more than a second to load. Raise OSError where the file cannot be created.
    """
    version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
    engine = create_engine(url)
    private_files.create_database(Path(str(engine.url.database)))
    try:
        with engine.begin() as db:
            metadata.create_all(db)
            version.create(db)
            db.execute(version.insert().values(version_num=SCHEMAS[-1]))
    finally:
        engine.dispose()


async def check_schema(db: AsyncConnection) -> None:
    """Raise SchemaTooNew or SchemaNotMigrated unless the database has the newest schema of this release."""
    found = await known_schema(db)
    if found != SCHEMAS[-1]:
        has = f"has schema {found}" if found else "has no tables"
        raise SchemaNotMigrated(f"The database {has}, and this release needs schema {SCHEMAS[-1]}: run `ivr migrate`.")


async def known_schema(db: AsyncConnection) -> str | None:
    """Return the schema of the database, None if it has no tables; raise SchemaTooNew for one that is not ours."""
    if not await db.run_sync(lambda connection: inspect(connection).has_table("alembic_version")):
        return None
    found: str | None = await db.scalar(select(column("version_num")).select_from(table("alembic_version")))
    if found is not None and found not in SCHEMAS:
        raise SchemaTooNew(
            f"The database has schema {found}, which this release (schema {SCHEMAS[-1]}) does not know: a newer release"
            " has migrated it. Run that release, or restore the backup from before the migration."
        )
    return found
