"""An opt-out says who holds it: what the provider holds, staff cannot lift."""

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"


def upgrade() -> None:
    """Add the column, empty for the opt-outs there are."""
    op.add_column("opt_outs", sa.Column("source", sa.Text))
