"""Runs the migrations over the connection of `migrate`, within its transaction."""

from alembic import context
from sqlalchemy import text

from ivr.store.tables import metadata

LOCK = 1_020_304


def run() -> None:
    """Run what is missing. On PostgreSQL a second machine that migrates at the same moment waits here for the first."""
    connection = context.config.attributes["connection"]
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:n)"), {"n": LOCK})
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # alembic's name for this file while it runs it; whoever imports it only reads it
    run()
