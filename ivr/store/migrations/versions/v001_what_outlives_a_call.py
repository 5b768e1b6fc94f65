"""Texts, reminders, STOPs, incoming texts, call records and counts."""

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the first tables."""
    _promises()
    _texts()
    _reminders()
    _stops()
    _inbox()
    _calls()
    _lines()
    _counts()
    _resources()


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
    )


def _texts() -> None:
    op.create_table(
        "texts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("promised", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("good_until", MOMENT),
        sa.Column("tried", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("doubled", sa.Integer, nullable=False),
        sa.Column("lease", MOMENT),
        sa.Column("look_at", MOMENT),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("sid", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index("texts_by_state", "texts", ["state", "due"])
    op.create_index("texts_by_mark", "texts", ["mark", "promised"])
    op.create_index("texts_by_promised", "texts", ["promised"])


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("promised", MOMENT, nullable=False),
    )
    op.create_index("reminders_by_due", "reminders", ["due"])
    op.create_index("reminders_by_mark", "reminders", ["mark"])
    op.create_index("reminders_by_promised", "reminders", ["promised"])


def _stops() -> None:
    op.create_table(
        "stops",
        sa.Column("mark", sa.LargeBinary, primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("received", MOMENT, nullable=False),
    )
    op.create_index("inbox_by_mark", "inbox", ["mark", "received"])
    op.create_index("inbox_by_received", "inbox", ["received"])


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("mark", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("last", MOMENT, nullable=False),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("how", sa.Text),
        sa.Column("ended", MOMENT),
    )
    op.create_index("calls_by_began", "calls", ["began"])
    op.create_index("calls_by_ended", "calls", ["ended", "last"])


def _lines() -> None:
    op.create_table(
        "lines",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("call", sa.Text, sa.ForeignKey("calls.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("happened", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.UniqueConstraint("call", "turn", "step", "happened", name="lines_once"),
    )


def _counts() -> None:
    op.create_table(
        "counts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
    )


def _resources() -> None:
    op.create_table(
        "resources",
        sa.Column("sid", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("mark", sa.LargeBinary),
        sa.Column("added", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_index("resources_by_due", "resources", ["due"])
    op.create_index("resources_by_mark", "resources", ["mark"])
