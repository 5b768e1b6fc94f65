"""What staff have every caller told at the beginning of a call, for a while."""

import sqlalchemy as sa
from alembic import op

revision = "013"
down_revision = "012"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "emergency_messages",
        sa.Column("until", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
