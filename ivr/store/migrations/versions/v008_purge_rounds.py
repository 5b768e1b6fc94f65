"""The purge has two steps: a round marks what is over, and a later one deletes it for good."""

import sqlalchemy as sa
from alembic import op

revision = "008"
down_revision = "007"


def upgrade() -> None:
    """Create the table of the rounds."""
    op.create_table("purge_rounds", sa.Column("at", sa.DateTime(timezone=True), primary_key=True))
