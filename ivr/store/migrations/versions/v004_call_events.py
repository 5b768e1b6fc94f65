"""Call events stand by themselves, and a call is written down once it is over: nothing is updated while it goes on."""

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"

MOMENT = sa.DateTime(timezone=True)
EVENTS = """
    INSERT INTO call_events (call, at, version, turn, step, attempt, page, happened, topic, detail)
    SELECT blind_index, at, '', turn, step, 0, 0, happened, topic, detail
    FROM old_call_events JOIN old_calls ON old_calls.id = old_call_events.call ORDER BY n
"""
OUTCOMES = """
    INSERT INTO call_events (call, at, version, turn, step, attempt, page, happened, topic, detail, outcome)
    SELECT blind_index, last, '', 0, '', 0, 0, 'Migrated', '', '', outcome FROM old_calls WHERE outcome IS NOT NULL
"""
"""The outcome until now stood on the call; from now on each event tells its own."""
ENDS = """
    INSERT INTO call_events (call, at, version, turn, step, attempt, page, happened, topic, detail)
    SELECT blind_index, ended, '', 0, '', 0, 0, 'Ended', '', '' FROM old_calls WHERE ended IS NOT NULL
"""
CALLS = """
    INSERT INTO calls (blind_index, began, last, ended, topics, outcome, events)
    SELECT blind_index, began, last, ended, topics, outcome,
        (SELECT count(*) FROM call_events WHERE call_events.call = old_calls.blind_index)
    FROM old_calls WHERE ended IS NOT NULL
"""
"""They were counted, and are not counted again."""


def upgrade() -> None:
    """Move events and calls to tables of their new shape."""
    for table in ("call_events", "calls"):
        op.execute(f"CREATE TABLE old_{table} AS SELECT * FROM {table}")  # noqa: S608  our own names
        op.drop_table(table)
    _create_call_events()
    _create_calls()
    for rows in (EVENTS, OUTCOMES, ENDS, CALLS):
        op.execute(rows)
    op.drop_table("old_call_events")
    op.drop_table("old_calls")


def _create_call_events() -> None:
    op.create_table(
        "call_events",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("call", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("happened", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("heard_by", MOMENT),
        sa.Column("sid", sa.LargeBinary),
        sa.UniqueConstraint("call", "turn", "step", "happened", name="call_events_once"),
    )
    op.create_index("call_events_by_at", "call_events", ["at"])


def _create_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("blind_index", sa.LargeBinary, primary_key=True),
        sa.Column("began", MOMENT),
        sa.Column("last", MOMENT),
        sa.Column("ended", MOMENT),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("events", sa.Integer, nullable=False),
    )
    op.create_index("calls_by_began", "calls", ["began"])
