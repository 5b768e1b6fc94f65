"""Every test of the store runs on both databases, each with a database of its own."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ivr.store.database import Store
from ivr.store.migrate import migrate
from ivr.store.tables import metadata
from tests.store import postgres

SECRETS = [bytes(32)]
EMPTIED = ";".join(
    (
        *(f"delete from {table.name}" for table in reversed(metadata.sorted_tables)),  # noqa: S608  our own names
        "select setval(quote_ident(sequencename)::regclass, 1, false) from pg_sequences",
    )
)
"""Empties every table; to truncate them takes four times as long, for files are made anew."""


@cache
def migrated_file() -> bytes:
    """Return the file of a migrated SQLite database."""
    with TemporaryDirectory() as folder:
        migrate_apart(f"sqlite:///{folder}/template.db")
        return (Path(folder) / "template.db").read_bytes()


@cache
def migrated_database() -> str:
    """Return the URL of a migrated PostgreSQL database, for one test after the other."""
    url = postgres.start().new_database()
    migrate_apart(url)
    return url


def migrate_apart(url: str) -> None:
    """Migrate in a thread: a test that asks for it may have an event loop of its own running."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(migrate, url).result()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kept.db'}"
    return postgres.start().new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated database without rows."""
    return postgresql_url() if request.param == "postgresql" else sqlite_url(tmp_path)


def postgresql_url() -> str:
    """Return one on PostgreSQL. It is emptied, because creating and dropping one takes ten times as long."""
    url = migrated_database()
    postgres.start().run(EMPTIED, url)
    return url


def sqlite_url(folder: Path) -> str:
    """Return one on SQLite."""
    (folder / "kept.db").touch(0o600)  # as ours are; one that others can read is told of in the log
    (folder / "kept.db").write_bytes(migrated_file())
    (folder / "kept.db").chmod(0o600)
    return f"sqlite:///{folder / 'kept.db'}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A store without rows."""
    # The tests share two processors with a database server: what is slow is tested where it is asked for.
    async with Store(url, SECRETS, patience=30) as store:
        async with store.begin():  # a number is looked up by a key of the database
            pass
        yield store
