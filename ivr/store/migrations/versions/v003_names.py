"""Renames tables and columns to the words that the code uses; no row changes its meaning."""

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"

TABLES = {
    "promises": "idempotency_keys",
    "texts": "sms_outbox",
    "inbox": "sms_inbox",
    "stops": "opt_outs",
    "messages": "voicemails",
    "lines": "call_events",
    "counts": "daily_counts",
    "resources": "provider_resources",
    "pulse": "heartbeats",
    "changes": "shift_overrides",
    "attempts": "callback_attempts",
    "audit": "audit_log",
}
WITH_BLIND_INDEX = (
    *("sms_outbox", "reminders", "opt_outs", "sms_inbox", "calls"),
    *("provider_resources", "advisers", "legs", "voicemails", "callbacks"),
)
EVENTS = {"LeftQueue": "QueueEnded", "PromiseKept": "EffectResult"}
"""Events that are stored by name, so that a webhook which is delivered again after the upgrade adds no second one."""
INDEXES = {
    "sms_outbox": {
        "texts_by_state": ["state", "due"],
        "texts_by_mark": ["blind_index", "promised"],
        "texts_by_promised": ["promised"],
    },
    "reminders": {"reminders_by_mark": ["blind_index"]},
    "sms_inbox": {"inbox_by_mark": ["blind_index", "received"], "inbox_by_received": ["received"]},
    "provider_resources": {"resources_by_due": ["due"], "resources_by_mark": ["blind_index"]},
    "audit_log": {"audit_by_time": ["at"]},
    "voicemails": {
        "messages_by_state": ["state", "changed"],
        "messages_by_mark": ["blind_index"],
        "messages_by_call": ["call"],
        "messages_by_began": ["began"],
        "messages_by_look_at": ["look_at"],
    },
    "callbacks": {"callbacks_by_mark": ["blind_index"]},
    "callback_attempts": {"attempts_by_callback": ["callback"]},
}
"""The indexes whose name changes, by the new name of their table, each with its columns."""
CONSTRAINTS = {
    "calls": {"calls_mark_key": "calls_blind_index_key"},
    "advisers": {"advisers_mark_key": "advisers_blind_index_key"},
    "call_events": {"lines_call_fkey": "call_events_call_fkey"},
    "shift_overrides": {"changes_adviser_fkey": "shift_overrides_adviser_fkey"},
    "callback_attempts": {"attempts_callback_fkey": "callback_attempts_callback_fkey"},
}
"""Those that PostgreSQL names by table and column; SQLite has no names for them."""
SEQUENCES = {
    "lines_n_seq": "call_events_n_seq",
    "audit_n_seq": "audit_log_n_seq",
    "attempts_n_seq": "callback_attempts_n_seq",
}


def upgrade() -> None:
    """Rename tables, then columns, indexes and constraints; then split the counts."""
    for old, new in TABLES.items():
        op.rename_table(old, new)
    for table in WITH_BLIND_INDEX:
        _rename_column(table, "mark", "blind_index")
    _rename_column("sms_outbox", "doubled", "resent")
    _rename_column("calls", "how", "outcome")
    _indexes()
    if op.get_bind().dialect.name == "postgresql":
        _names_of_postgresql()
    with op.batch_alter_table("call_events") as batch:
        batch.drop_constraint("lines_once", type_="unique")
        batch.create_unique_constraint("call_events_once", ["call", "turn", "step", "happened"])
    for old, new in EVENTS.items():
        op.execute(f"UPDATE call_events SET happened = '{new}' WHERE happened = '{old}'")  # noqa: S608  our own names
    _split_counts()


def _rename_column(table: str, old: str, new: str) -> None:
    op.execute(f'ALTER TABLE {table} RENAME COLUMN "{old}" TO "{new}"')


def _indexes() -> None:
    """Drop and create each index: SQLite cannot rename one."""
    old_names = {new: old for old, new in TABLES.items()}
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            prefix = old_names.get(table, table)
            op.drop_index(name, table_name=table)
            op.create_index(name.replace(f"{prefix}_", f"{table}_", 1).replace("_mark", "_blind_index"), table, columns)


def _names_of_postgresql() -> None:
    for old, new in TABLES.items():
        op.execute(f"ALTER INDEX {old}_pkey RENAME TO {new}_pkey")
    for table, names in CONSTRAINTS.items():
        for old, new in names.items():
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")
    for old, new in SEQUENCES.items():
        op.execute(f"ALTER SEQUENCE {old} RENAME TO {new}")


def _split_counts() -> None:
    """“call abandoned” becomes the metric “call” and its dimension “abandoned”; “call” alone has no dimension."""
    old = sa.table("daily_counts", sa.column("day", sa.Date), sa.column("what", sa.Text), sa.column("n", sa.Integer))
    counts = op.get_bind().execute(sa.select(old)).all()
    op.drop_table("daily_counts")
    table = op.create_table(
        "daily_counts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("metric", sa.Text, primary_key=True),
        sa.Column("dimension", sa.Text, primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
    )
    split = [(day, *what.rpartition(" ")[::2], n) for day, what, n in counts]
    rows = [
        {"day": day, "metric": metric or last, "dimension": last if metric else "", "n": n}
        for day, metric, last, n in split
    ]
    if rows:
        op.bulk_insert(table, rows)
