"""Compiled SQL that the engines of a process share: each test opens a database, and asks much the same as the others.

SQLAlchemy compiles a statement once for each engine, which is all that a process of ours ever has of one database.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

COMPILED: LRUCache[Any, Any] = LRUCache(5_000)
"""An engine of its own has room for 500."""


class _Shared:
    """A part of a dialect; all of one class compile alike, as each kind is opened in one way."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=COMPILED)


class SharedSqlite(_Shared, SQLiteDialect_aiosqlite):
    supports_statement_cache = True


class SharedPostgresql(_Shared, PGDialect_asyncpg):
    supports_statement_cache = True


def share_statements() -> None:
    """Make the engines of this process share what they compile."""
    registry.register("sqlite.aiosqlite", __name__, SharedSqlite.__name__)
    registry.register("postgresql.asyncpg", __name__, SharedPostgresql.__name__)
