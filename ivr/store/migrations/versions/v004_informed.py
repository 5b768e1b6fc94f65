"""Adds when a caller has heard what informs them: a call that got what it came for is not counted as abandoned."""

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"


def upgrade() -> None:
    """Add the column; calls that are over keep their outcome."""
    op.add_column("call_events", sa.Column("heard_by", sa.DateTime(timezone=True)))
