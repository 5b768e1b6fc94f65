"""A hunt knows when its caller was last heard of, and a leg when the provider was last asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add one column to each; those that are under way count from when they began."""
    op.add_column("hunts", sa.Column("heard", MOMENT))
    op.add_column("legs", sa.Column("asked", MOMENT))
