"""What the staff pages stand on: accounts, sessions, notes, a chained audit log, and who works on what."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "014"
down_revision = "013"

MOMENT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables and add the columns."""
    _add("sms_inbox", sa.Column("media", sa.Integer, nullable=False, server_default="0"))
    _add("sms_inbox", *_claim(), sa.Column("done_by", sa.Text), sa.Column("done", MOMENT), sa.Column("answer", sa.Text))
    _add("sms_outbox", sa.Column("sent_by", sa.Text))
    _add("voicemails", *_claim())
    _add("callbacks", sa.Column("may_leave_message", sa.Boolean), sa.Column("remind_at", MOMENT))
    _add("hunts", sa.Column("number", sa.LargeBinary), sa.Column("blind_index", sa.LargeBinary))
    op.create_index("hunts_by_blind_index", "hunts", ["blind_index"])
    op.create_index("sms_inbox_by_done", "sms_inbox", ["done", "received"])
    op.create_index("callbacks_by_changed", "callbacks", ["changed"])
    op.create_index("legs_by_callback", "legs", ["callback"])
    op.create_index("callback_attempts_by_at", "callback_attempts", ["at"])
    _chain_the_audit_log()
    _create_notes()
    _create_accounts()


def _claim() -> tuple[sa.Column[Any], ...]:
    return sa.Column("claimed_by", sa.Text), sa.Column("claimed", MOMENT)


def _add(table: str, *columns: sa.Column[Any]) -> None:
    for column in columns:
        op.add_column(table, column)


def _chain_the_audit_log() -> None:
    _add(
        "audit_log",
        sa.Column("account", sa.Text),
        sa.Column("previous", sa.LargeBinary),
        sa.Column("seal", sa.LargeBinary),
    )
    op.create_table(
        "audit_ends",
        sa.Column("end", sa.Text, primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
    )


def _create_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("blind_index", sa.LargeBinary),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    for name in ("about", "blind_index", "at"):
        op.create_index(f"notes_by_{name}", "notes", [name])


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("email", sa.LargeBinary, nullable=False),
        sa.Column("email_index", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("totp", sa.LargeBinary),
        sa.Column("totp_used", sa.BigInteger),
        sa.Column("adviser", sa.Text, sa.ForeignKey("advisers.id", ondelete="SET NULL")),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
    )
    op.create_index("staff_sessions_by_account", "staff_sessions", ["account"])
    op.create_index("staff_sessions_by_seen", "staff_sessions", ["seen"])
    op.create_table(
        "failed_sign_ins",
        sa.Column("n", SERIAL, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account", sa.LargeBinary, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("failed_sign_ins_by_account", "failed_sign_ins", ["account", "address", "at"])
    op.create_index("failed_sign_ins_by_address", "failed_sign_ins", ["address", "at"])
    op.create_index("failed_sign_ins_by_at", "failed_sign_ins", ["at"])
