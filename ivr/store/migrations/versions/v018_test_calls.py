"""Test calls (`ivr canary`): what was answered in them, and what they proved."""

import sqlalchemy as sa
from alembic import op

revision = "018"
down_revision = "017"


def upgrade() -> None:
    """Create the tables."""
    n = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "canary_events",
        sa.Column("n", n, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("put_through", sa.Boolean, nullable=False),
    )
    op.create_index("canary_events_by_at", "canary_events", ["at"])
    op.create_table(
        "canary_runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("results", sa.Text, nullable=False),
    )
    op.create_index("canary_runs_by_began", "canary_runs", ["began"])
