"""Who asked for what is recorded for a day, so that nobody uses up what is for all."""

import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "quota_usage",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("caller", sa.LargeBinary),
        sa.Column("call", sa.LargeBinary, nullable=False),
        sa.Column("other", sa.LargeBinary),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("quota_usage_by_caller", "quota_usage", ["caller", "at"])
    op.create_index("quota_usage_by_other", "quota_usage", ["other"])
    op.create_index("quota_usage_by_at", "quota_usage", ["at"])
