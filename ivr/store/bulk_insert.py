"""Insertion of many rows by one prepared statement.

Statement and types are SQLAlchemy's. The rows go to the driver as tuples: SQLAlchemy would make several dictionaries of
each, which takes longer than the database.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import insert_into

Row = tuple[Any, ...]


class _Insertion(NamedTuple):
    """A statement for one row, and the conversion of each column that has one, by its place in the row."""

    statement: str
    conversions: tuple[tuple[int, Any], ...]

    def converted(self, row: Row) -> Row:
        values = list(row)
        for place, convert in self.conversions:
            values[place] = convert(values[place])
        return tuple(values)


async def insert_many_new(db: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Add those rows whose key is not there already.

    Each has the values of all columns in their order, without the first, by which the database numbers its rows.
    """
    if rows:
        insertion = _insertion(db.dialect, table)
        await db.exec_driver_sql(insertion.statement, [insertion.converted(row) for row in rows])


@lru_cache(maxsize=4)
def _insertion(dialect: Dialect, table: Table) -> _Insertion:
    _, *columns = table.columns
    statement = insert_into(dialect, table).inline().on_conflict_do_nothing()
    converts = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    return _Insertion(
        str(statement.compile(dialect=dialect, column_keys=[column.name for column in columns])),
        tuple((place, convert) for place, convert in enumerate(converts) if convert),
    )
