"""The migrations make the tables that the code uses."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Inspector, inspect

from ivr.errors import DatabaseUnavailable
from ivr.store.database import engine_for
from ivr.store.migrate import migrate
from ivr.store.tables import metadata
from tests.store import postgres


async def seen(url: str, make: bool = False) -> dict[str, list[str]]:
    """Return the description of all tables of a database, which are made from the code if asked."""
    engine = engine_for(url, 30)
    async with engine.begin() as connection:
        if make:
            await connection.run_sync(metadata.create_all)
        found = await connection.run_sync(described)
    await engine.dispose()
    return found


def described(connection: Connection) -> dict[str, list[str]]:
    inspector = inspect(connection)
    tables = set(inspector.get_table_names()) - {"alembic_version"}
    return {table: sorted(map(repr, parts_of(inspector, table))) for table in tables}


def parts_of(inspector: Inspector, table: str) -> Iterator[Any]:
    yield from ({**column, "type": repr(column["type"])} for column in inspector.get_columns(table))
    yield from inspector.get_foreign_keys(table)
    yield from inspector.get_unique_constraints(table)
    yield from inspector.get_indexes(table)
    yield inspector.get_pk_constraint(table)["constrained_columns"]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_migrations_make_the_tables_that_the_code_knows(database: str, tmp_path: Path) -> None:
    one, other = (
        (f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/other.db")
        if database == "sqlite"
        else (postgres.start().new_database(), postgres.start().new_database())
    )
    migrate(one)
    migrated, made = asyncio.run(seen(one)), asyncio.run(seen(other, make=True))
    assert set(made) == {table.name for table in metadata.sorted_tables}
    assert migrated == made


def test_migrating_again_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    before = asyncio.run(seen(empty_url))
    migrate(empty_url)
    assert asyncio.run(seen(empty_url)) == before


async def test_two_machines_may_migrate_at_the_same_time(empty_url: str) -> None:
    script = f"from ivr.store.migrate import migrate; migrate({empty_url!r})"
    machines = [await asyncio.create_subprocess_exec(sys.executable, "-c", script) for _ in range(2)]
    assert [await machine.wait() for machine in machines] == [0, 0]
    assert set(await seen(empty_url)) == {table.name for table in metadata.sorted_tables}


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://nobody@/none?host=/nowhere"])
def test_a_database_that_is_not_there_is_said_in_words(url: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        migrate(url)


def test_who_answers_calls_never_loads_the_migrations() -> None:
    script = "import sys, ivr.app, ivr.cli; print('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout == b"False\n"
