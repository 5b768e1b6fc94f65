"""What one database has compiled serves the next of its kind, and of no other."""

from pathlib import Path

from sqlalchemy import select

from ivr.store.database import engine_for
from ivr.store.tables import calls


async def test_a_statement_is_compiled_once_for_all_databases_of_a_kind(tmp_path: Path) -> None:
    compiled = set()
    for name in ("one", "two"):
        engine = engine_for(f"sqlite:///{tmp_path}/{name}.db", 30)
        async with engine.connect() as db:
            await db.run_sync(calls.metadata.create_all)
            compiled.add((await db.execute(select(calls.c.began))).context.compiled)
        await engine.dispose()
    assert len(compiled) == 1


def test_the_two_kinds_of_database_are_told_apart() -> None:
    sqlite, other, postgresql = map(
        engine_for, ("sqlite:///one.db", "sqlite:///two.db", "postgresql://here/one"), [30] * 3
    )
    assert sqlite.dialect == other.dialect
    assert sqlite.dialect != postgresql.dialect
