"""A voicemail knows its call at the provider, which can then be asked for a recording of which no news came."""

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"


def upgrade() -> None:
    """Add the column; voicemails from before have none, and are not asked for."""
    op.add_column("voicemails", sa.Column("sid", sa.LargeBinary))
