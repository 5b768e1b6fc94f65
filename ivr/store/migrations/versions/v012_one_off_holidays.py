"""Bank holidays that staff add to the published ones, such as for a coronation."""

import sqlalchemy as sa
from alembic import op

revision = "012"
down_revision = "011"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "one_off_holidays",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
    )
