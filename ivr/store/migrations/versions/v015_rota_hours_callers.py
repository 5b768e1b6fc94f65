"""What the second part of the staff pages stands on: the rota's absences and reminders, hours, blocks, complaints."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "015"
down_revision = "014"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and add the columns."""
    _add_to_the_rota()
    _create_hours()
    _create_callers()
    _add_to_accounts()


def _add_to_the_rota() -> None:
    op.add_column("shift_overrides", sa.Column("why", sa.Text, nullable=False, server_default=""))
    op.add_column("shift_overrides", sa.Column("set_by", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "absences",
        sa.Column("id", sa.Text, primary_key=True),
        _adviser(nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
    )
    op.create_index("absences_by_adviser", "absences", ["adviser"])
    op.create_index("absences_by_last", "absences", ["last"])
    op.create_table(
        "shift_reminders",
        _adviser(primary_key=True),
        sa.Column("begins", MOMENT, primary_key=True),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("reminded", MOMENT, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("answered", MOMENT),
        sa.Column("managers_told", MOMENT),
    )
    op.create_index("shift_reminders_by_begins", "shift_reminders", ["begins"])
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        _adviser(nullable=True),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("read", MOMENT),
    )
    op.create_index("calendar_feeds_by_adviser", "calendar_feeds", ["adviser"])


def _adviser(**options: Any) -> sa.Column[Any]:
    return sa.Column("adviser", sa.Text, sa.ForeignKey("advisers.id", ondelete="CASCADE"), **options)


def _create_hours() -> None:
    op.create_table(
        "opening_hours",
        sa.Column("starts", sa.Date, primary_key=True),
        sa.Column("weekly", sa.Text, nullable=False),
        sa.Column("on_bank_holidays", sa.Boolean, nullable=False),
        sa.Column("confirmed", sa.Date, nullable=False),
        sa.Column("confirmed_by", sa.Text, nullable=False),
        sa.Column("good_until", sa.Date, nullable=False),
    )


def _create_callers() -> None:
    op.create_table(
        "blocks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("blind_index", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
    )
    op.create_index("blocks_by_until", "blocks", ["until"])
    op.create_table(
        "data_complaints",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.LargeBinary),
        sa.Column("number", sa.LargeBinary),
        sa.Column("blind_index", sa.LargeBinary),
        sa.Column("contact", sa.LargeBinary),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("voicemail", sa.Text),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("received", sa.Date, nullable=False),
        sa.Column("acknowledge_by", sa.Date, nullable=False),
        sa.Column("acknowledged", sa.Date),
        sa.Column("acknowledged_how", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("answered_how", sa.Text),
        sa.Column("taken_by", sa.Text, nullable=False),
        sa.Column("taken", MOMENT, nullable=False),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed", sa.Date),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index("data_complaints_by_state", "data_complaints", ["state", "acknowledge_by"])
    op.create_index("data_complaints_by_voicemail", "data_complaints", ["voicemail"])
    op.create_index("data_complaints_by_blind_index", "data_complaints", ["blind_index"])


def _add_to_accounts() -> None:
    op.add_column("accounts", sa.Column("mobile", sa.LargeBinary))
    op.add_column("accounts", sa.Column("subject", sa.LargeBinary))
    op.create_index("accounts_by_subject", "accounts", ["subject"], unique=True)
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("used", MOMENT),
    )
    op.create_index("passkeys_by_account", "passkeys", ["account"])
