"""docs/data-protection.md describes every table and column that there is, and no other."""

import re
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, Table

from ivr.store.erasure import BY_NUMBER
from ivr.store.retention import RETENTION, RetentionPeriod
from ivr.store.tables import metadata

PAGE = (Path(__file__).parents[2] / "docs/data-protection.md").read_text("utf-8")
KEPT = PAGE.partition("## Everything that is kept")[2].partition("## Before going live")[0]
TOLD = dict(re.findall(r"### `(\w+)`\n(.*?)(?=\n### |\Z)", KEPT, re.DOTALL))
TABLES = pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)


def columns_told(text: str) -> dict[str, str]:
    """Return the columns of a table on the page, and what it says that each holds."""
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|$", text, re.MULTILINE))


def in_words(term: RetentionPeriod) -> str:
    """Return a retention period as the page has it."""
    return f"Kept: {term.period.days} days after {term.after}." if term.period else f"Kept: {term.after}."


def test_every_table_is_told_of_and_no_other() -> None:
    assert sorted(TOLD) == sorted(metadata.tables)


@TABLES
def test_every_column_is_told_of_and_no_other(table: Table) -> None:
    assert list(columns_told(TOLD[table.name])) == [column.name for column in table.columns]


@TABLES
def test_how_long_it_is_kept_is_what_the_program_does(table: Table) -> None:
    assert in_words(RETENTION[table]) in TOLD[table.name].splitlines()


@TABLES
def test_what_could_be_read_by_a_thief_is_said_to_be_encrypted_or_hashed_if_it_is(table: Table) -> None:
    told = columns_told(TOLD[table.name])
    hidden = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    assert {name for name, text in told.items() if "encrypted" in text or "keyed hash" in text} == hidden


def test_no_number_is_kept_in_the_clear() -> None:
    for table in metadata.sorted_tables:
        for name in {"number", "blind_index", "body", "sound"} & {column.name for column in table.columns}:
            assert isinstance(table.c[name].type, LargeBinary), f"{table.name}.{name}"


def test_whatever_holds_a_number_is_erased_by_it_or_is_named_as_the_exception() -> None:
    numbered = {table for table in metadata.sorted_tables if "number" in table.c}
    assert {table.name for table in numbered - set(BY_NUMBER)} == {"advisers", "blocks", "data_complaints"}


def test_a_column_that_is_forgotten_would_be_found() -> None:
    forgotten = TOLD["sms_outbox"].replace("| `body` | the words: encrypted |\n", "")
    assert "body" not in columns_told(forgotten)
    assert len(columns_told(forgotten)) == len(columns_told(TOLD["sms_outbox"])) - 1
