"""Backups of PostgreSQL by its own programs: pg_dump, pg_restore and psql, which must be on the PATH.

https://www.postgresql.org/docs/current/app-pgdump.html
"""

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from secrets import token_hex
from shutil import which
from tempfile import TemporaryDirectory

from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.backup.contents import BackupFailed, table_names
from ivr.store import private_files
from ivr.store.database import engine_for

PATIENCE = 60.0
WITHOUT_OWNERS = "--no-owner", "--no-privileges"
INSUFFICIENT_PRIVILEGE = "42501"
LOCK_TIMEOUT = "SET lock_timeout = '60s';"
DEADLOCK, MOST_DEADLOCKS = "40P01", 20
COPY = re.compile(r"COPY \S+\.(\w+) \(.*\) FROM stdin;\n")
END_OF_ROWS = "\\.\n"
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


class Postgresql:
    """Backups of PostgreSQL are archives of pg_dump, in its custom format."""

    name, suffix, magic = "PostgreSQL", ".dump", b"PGDMP"

    async def dump(self, db: AsyncConnection, url: str, file: Path) -> None:
        """Have pg_dump read what the transaction sees: every table of the schema that is used."""
        await db.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        snapshot = await db.scalar(text("SELECT pg_export_snapshot()"))
        schema = await db.scalar(text("SELECT quote_ident(current_schema())"))
        await _refuse_newer_server(db, url)
        await _run(
            url,
            *("pg_dump", "--format=custom", *WITHOUT_OWNERS, f"--snapshot={snapshot}"),
            *(f"--table={schema}.*", f"--file={file}"),
        )

    @asynccontextmanager
    async def throw_away(self, url: str, folder: Path | None = None) -> AsyncIterator[str]:
        """Create a database on the same server, and drop it."""
        name = f"ivr_restored_{token_hex(4)}"
        try:
            await _outside_transaction(url, f"CREATE DATABASE {name} TEMPLATE template0")
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != INSUFFICIENT_PRIVILEGE:
                raise
            raise NoDatabaseAllowed(
                "the user of DATABASE_URL may create no database to restore it in:"
                " let an administrator of the server run ALTER ROLE … CREATEDB"
            ) from None
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            await _outside_transaction(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def load(self, file: Path, url: str) -> None:
        """Have pg_restore do it, all or nothing: it reads every row, and makes every index."""
        options = *WITHOUT_OWNERS, "--single-transaction", "--exit-on-error"
        await _run(url, "pg_restore", *options, f"--dbname={make_url(url).database}", str(file))

    async def is_in_use(self, url: str) -> bool:
        """Return whether anybody else is connected to the database."""
        async with _connected(url) as db:
            return bool(await db.scalar(OTHERS))

    def to_read(self, url: str, prepared: str) -> str:
        """Return it itself."""
        return url

    async def swap(self, prepared: str, url: str, aside: str, *, in_use: bool) -> str | None:
        """Move the present tables to a schema of their own and write the new ones, in one transaction."""
        with TemporaryDirectory(prefix="ivr-") as folder:
            script, moves = Path(folder) / "restore.sql", Path(folder) / "aside.sql"
            await _run(prepared, "pg_dump", *WITHOUT_OWNERS, "--format=plain", f"--file={script}")
            async with _connected(url) as db:
                present = await db.run_sync(table_names)
                schema = await db.scalar(text("SELECT quote_ident(current_schema())"))
            name = aside.replace("-", "_")
            moved = [f"ALTER TABLE {schema}.{table} SET SCHEMA {name};" for table in present]
            moves.write_text("\n".join([LOCK_TIMEOUT, f"CREATE SCHEMA {name};", *moved] if present else []))
            await _run_in_one_transaction(url, moves, script)
        return f"schema {name}" if present else None

    def read_back(self, file: Path) -> dict[str, int]:
        """Return how many rows of each table an archive has, where there is no database to restore it in."""
        command = [which("pg_restore") or "pg_restore", "--data-only", "--file=-", str(file)]
        with subprocess.Popen(command, text=True, stdout=subprocess.PIPE) as process:  # noqa: S603  our own words
            counts = _count_rows(process.stdout or ())
        if process.returncode:
            raise BackupFailed("it is damaged: pg_restore cannot read it")
        return counts


class NoDatabaseAllowed(BackupFailed):
    """A user who may not create the database in which a backup would be restored to try it."""


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine = engine_for(url, PATIENCE)
    try:
        async with engine.begin() as db:
            yield db
    finally:
        await engine.dispose()


async def _outside_transaction(url: str, statement: str) -> None:
    engine = engine_for(url, PATIENCE).execution_options(isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as db:
            await db.execute(text(statement))
    finally:
        await engine.dispose()


async def _refuse_newer_server(db: AsyncConnection, url: str) -> None:
    """Raise BackupFailed where pg_dump is older than the server: it would refuse, too."""
    server = int(await db.scalar(text("SHOW server_version_num"))) // 10_000
    ours = int(re.findall(r"\d+", await _run(url, "pg_dump", "--version"))[0])
    if ours < server:
        raise BackupFailed(
            f"pg_dump {ours} cannot read the server of DATABASE_URL, which is PostgreSQL {server}:"
            f" install its client programs (postgresql-client-{server}) and put them first on the PATH"
        )


async def _run(url: str, name: str, *arguments: str) -> str:
    """Run a program on the database of a URL, whose password stays out of the process list; return what it says."""
    if not (program := which(name)):
        raise BackupFailed(
            f"there is no {name} on the PATH: install the client programs of PostgreSQL (postgresql-client)"
        )
    ran = await asyncio.to_thread(
        subprocess.run,
        [program, *arguments, "--no-password"],
        env=os.environ | _environment(make_url(url)),
        capture_output=True,
        text=True,
        umask=private_files.OTHERS,
        check=False,
    )
    if ran.returncode:
        raise BackupFailed(f"{name} failed: {_error_in(ran.stderr)}")
    return str(ran.stdout)


async def _run_in_one_transaction(url: str, *scripts: Path) -> None:
    """Run scripts, all or nothing; again after a deadlock with somebody who uses the database, which undid it all."""
    options = "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose"
    for deadlocks in count(1):
        try:
            await _run(url, "psql", *options, "--output=/dev/null", *(f"--file={script}" for script in scripts))
            return
        except BackupFailed as failure:
            if DEADLOCK not in str(failure) or deadlocks == MOST_DEADLOCKS:
                raise


def _environment(url: URL) -> Mapping[str, str]:
    """Return how the programs find the database: https://www.postgresql.org/docs/current/libpq-envars.html."""
    found = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port or url.query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode") or url.query.get("ssl"),
    }
    return {name: str(value) for name, value in found.items() if value}


def _count_rows(script: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    copying = ""
    for line in script:
        if begins := not copying and COPY.fullmatch(line):
            copying = begins[1]
            counts[copying] = 0
        elif line == END_OF_ROWS:
            copying = ""
        elif copying:
            counts[copying] += 1
    return counts


def _error_in(said: str) -> str:
    """Return the line of an error; what follows it may quote rows."""
    lines = said.strip().splitlines()
    return next((line for line in lines if "error:" in line), "".join(lines[:1]))
