"""Quiet hours: when no text is sent to somebody who is not waiting for one."""

from datetime import datetime, time, timedelta

from ivr.helpline.timezone import LONDON

FIRST_HOUR, LAST_HOUR = time(9), time(19)
AN_EVENING = time(18)
"""The hour to which what falls into a night is brought forward: there is still time to answer it."""


def is_texting_hour(now: datetime) -> bool:
    """Return whether it is between nine in the morning and seven in the evening, in London (`now` is aware).

    >>> from datetime import UTC
    >>> summer, winter = datetime(2026, 7, 1, 8, 30, tzinfo=UTC), datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    >>> is_texting_hour(summer), is_texting_hour(winter)
    (True, False)
    """
    return FIRST_HOUR <= now.astimezone(LONDON).time() < LAST_HOUR


def next_texting_hour(now: datetime) -> datetime:
    """Return now, outside quiet hours; else the next nine o'clock in the morning.

    >>> next_texting_hour(datetime(2026, 12, 1, 3, 0, tzinfo=LONDON)).isoformat()
    '2026-12-01T09:00:00+00:00'
    >>> next_texting_hour(datetime(2026, 10, 24, 22, 0, tzinfo=LONDON)).isoformat()
    '2026-10-25T09:00:00+00:00'
    """
    if is_texting_hour(now):
        return now
    here = now.astimezone(LONDON)
    day = here.date() + timedelta(days=here.time() >= LAST_HOUR)
    return datetime.combine(day, FIRST_HOUR, LONDON)


def texting_hour_before(at: datetime) -> datetime:
    """Return then, outside quiet hours; else six in the evening before.

    >>> texting_hour_before(datetime(2026, 12, 1, 6, 0, tzinfo=LONDON)).isoformat()
    '2026-11-30T18:00:00+00:00'
    >>> texting_hour_before(datetime(2026, 12, 1, 21, 0, tzinfo=LONDON)).isoformat()
    '2026-12-01T18:00:00+00:00'
    """
    if is_texting_hour(at):
        return at
    here = at.astimezone(LONDON)
    day = here.date() - timedelta(days=here.time() < FIRST_HOUR)
    return datetime.combine(day, AN_EVENING, LONDON)
