"""The keys of blind indexes are kept, sealed under each secret in use, and who uses which secrets is seen."""

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "009"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add two tables; the first process that opens the database with its secret fills them (`index_keys.py`)."""
    op.create_table(
        "index_keys",
        sa.Column("secret", sa.Text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
    )
    op.create_table(
        "secrets_in_use",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("secrets", sa.Text, primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
    )
