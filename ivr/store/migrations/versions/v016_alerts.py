"""What is wrong, and what staff were told of it; in which language a call is answered."""

import sqlalchemy as sa
from alembic import op

revision = "016"
down_revision = "015"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and add the column."""
    op.add_column("accounts", sa.Column("alerts_by", sa.Text))
    op.add_column("call_events", sa.Column("language", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "alerts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("mend", sa.Text, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("again", sa.Integer, nullable=False),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.Column("ended", MOMENT),
        sa.Column("told", MOMENT),
        sa.Column("told_amount", sa.Integer, nullable=False),
        sa.Column("told_urgent", sa.Boolean, nullable=False),
        sa.Column("muted_until", MOMENT),
        sa.Column("muted_by", sa.Text),
    )
    op.create_index("alerts_by_ended", "alerts", ["ended"])
    op.create_table(
        "alert_messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("channels_tried", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("good_until", MOMENT, nullable=False),
        sa.Column("lease", MOMENT),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index("alert_messages_by_state", "alert_messages", ["state", "due"])
    op.create_index("alert_messages_by_account", "alert_messages", ["account"])
    op.create_index("alert_messages_by_made", "alert_messages", ["made"])
