"""Tolerates clocks that are set back or differ between machines when rows fall due."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

AHEAD = timedelta(minutes=2)
"""How far the clocks of our machines may differ. A row written later than that from now was written by a clock that was
ahead and has been set right: its moments may be days away, and nobody must wait for them."""


def has_fallen_due(
    moment: ColumnElement[datetime], written: ColumnElement[datetime], now: datetime
) -> ColumnElement[bool]:
    """Return the condition that a row is due, or was written by a clock which was ahead."""
    return (moment <= now) | (written > now + AHEAD)
