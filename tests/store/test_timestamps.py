"""Timestamps are stored in UTC, as they always were, on SQLite too."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import DateTime
from sqlalchemy.dialects import sqlite

from ivr.helpline.timezone import LONDON
from ivr.store.timestamps import Timestamp

SQLITE = sqlite.dialect()
WRITTEN = Timestamp().dialect_impl(SQLITE).bind_processor(SQLITE)
BY_SQLALCHEMY = DateTime().dialect_impl(SQLITE).bind_processor(SQLITE)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 10, tzinfo=UTC),
        datetime(2026, 7, 1, 0, 30, 0, 5, tzinfo=LONDON),
        datetime(999, 1, 2, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=-3))),
    ],
)
def test_sqlite_is_given_the_text_that_sqlalchemy_writes(moment: datetime) -> None:
    assert WRITTEN and BY_SQLALCHEMY
    assert WRITTEN(moment) == BY_SQLALCHEMY(moment.astimezone(UTC))


def test_no_time_is_no_text() -> None:
    assert WRITTEN and WRITTEN(None) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its time zone"):
        assert WRITTEN and WRITTEN(datetime.fromisoformat("2026-11-23 10:00"))
