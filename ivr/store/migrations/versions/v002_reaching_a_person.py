"""Advisers and when they work, closures, hunts, messages and calls back."""

import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what it takes to reach a person."""
    op.add_column("lines", sa.Column("detail", sa.Text, nullable=False, server_default=""))
    _advisers()
    _shifts()
    _changes()
    _closures()
    _audit()
    _callbacks()
    _attempts()
    _hunts()
    _legs()
    _pulse()
    _messages()


def _advisers() -> None:
    op.create_table(
        "advisers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("mark", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("away", sa.Boolean, nullable=False),
    )


def _shifts() -> None:
    op.create_table(
        "shifts",
        sa.Column("adviser", sa.Text, sa.ForeignKey("advisers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("weekday", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("spans", sa.Text, nullable=False),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("adviser", sa.Text, sa.ForeignKey("advisers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("spans", sa.Text, nullable=False),
    )


def _closures() -> None:
    op.create_table(
        "closures",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("begins", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("closures_by_end", "closures", ["ends"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
    )
    op.create_index("audit_by_time", "audit", ["at"])


def _callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("deadline", sa.Date),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("asked", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index("callbacks_by_asked", "callbacks", ["asked"])
    op.create_index("callbacks_by_mark", "callbacks", ["mark"])
    op.create_index("callbacks_by_state", "callbacks", ["state", "asked"])


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("callback", sa.Text, sa.ForeignKey("callbacks.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
    )
    op.create_index("attempts_by_callback", "attempts", ["callback"])


def _hunts() -> None:
    op.create_table(
        "hunts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("call", sa.LargeBinary, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("deadline", sa.Date),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("all_at_once", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("way", sa.Text),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("looked", MOMENT),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index("hunts_by_began", "hunts", ["began"])
    op.create_index("hunts_by_call", "hunts", ["call"])
    op.create_index("hunts_by_state", "hunts", ["state", "began"])


def _legs() -> None:
    op.create_table(
        "legs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("hunt", sa.Text, sa.ForeignKey("hunts.id", ondelete="CASCADE")),
        sa.Column("callback", sa.Text, sa.ForeignKey("callbacks.id", ondelete="CASCADE")),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("sid", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("seconds", sa.Integer),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index("legs_by_began", "legs", ["began"])
    op.create_index("legs_by_hunt", "legs", ["hunt"])
    op.create_index("legs_by_state", "legs", ["state", "mark"])


def _pulse() -> None:
    op.create_table(
        "pulse",
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("call", sa.LargeBinary, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("deadline", sa.Date),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("recording", sa.Text),
        sa.Column("seconds", sa.Integer),
        sa.Column("sound", sa.LargeBinary),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("look_at", MOMENT),
        sa.Column("by", sa.Text),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index("messages_by_began", "messages", ["began"])
    op.create_index("messages_by_call", "messages", ["call"])
    op.create_index("messages_by_look_at", "messages", ["look_at"])
    op.create_index("messages_by_mark", "messages", ["mark"])
    op.create_index("messages_by_state", "messages", ["state", "changed"])
