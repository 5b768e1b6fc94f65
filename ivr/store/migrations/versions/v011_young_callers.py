"""Hunts, callbacks and voicemails say whether it is the young person who called, for the adviser to know."""

import sqlalchemy as sa
from alembic import op

revision = "011"
down_revision = "010"


def upgrade() -> None:
    """Add a column to each; of what is there already nobody knows it."""
    for table in ("hunts", "callbacks", "voicemails"):
        op.add_column(table, sa.Column("audience", sa.Text, nullable=False, server_default=""))
