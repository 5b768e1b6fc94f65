"""Whether a moment that was written down has come, though clocks are set, and those of two machines differ."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

AHEAD = timedelta(minutes=2)
"""How far the clocks of our machines may differ. What was written later than that from now was written by a clock that
was ahead and has been set right: its moments are hours away, or days, and nobody must wait for them."""


def has_fallen_due(
    moment: ColumnElement[datetime], written: ColumnElement[datetime], now: datetime
) -> ColumnElement[bool]:
    """Rows whose moment it is, or that were written by a clock which was ahead."""
    return (moment <= now) | (written > now + AHEAD)
