"""What the provider's numbers were set to before they were pointed at this helpline."""

import sqlalchemy as sa
from alembic import op

revision = "017"
down_revision = "016"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "number_configurations",
        sa.Column("sid", sa.Text, primary_key=True),
        sa.Column("before", sa.LargeBinary, nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
    )
