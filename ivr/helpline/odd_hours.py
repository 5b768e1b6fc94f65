"""Hours that were probably meant otherwise: 09:00-05:00 for nine to five, by a clock of twelve hours."""

from collections.abc import Iterable, Iterator
from datetime import time

from ivr.helpline.hours_format import WEEKDAYS
from ivr.helpline.opening_hours import Span
from ivr.helpline.rota import Adviser

HALF_A_DAY = 12 * 60
"""Minutes. Whoever is there for longer, over a midnight, is rare; so is whoever begins in the small hours."""
SMALL_HOURS = range(1 * 60, 6 * 60)


def odd_hours(spans: Iterable[Span]) -> list[str]:
    """Return a line for each span that was probably meant otherwise, with what it means and what may be meant.

    From midnight to midnight is the whole day, and meant.

    >>> odd_hours([Span(time(9), time(5))])
    ['09:00-05:00 lasts 20 hours, into the next day: is 09:00-17:00 meant?']
    >>> odd_hours([Span(time(22), time(6)), Span(time(), time())])
    []
    """
    return [line for span in spans if (line := _oddity(span))]


def odd_shifts(advisers: Iterable[Adviser]) -> Iterator[str]:
    """Yield a line for each shift that was probably meant otherwise, with whose it is and when."""
    for adviser in advisers:
        for weekday, spans in sorted((adviser.week or {}).items()):
            yield from (f"{adviser.name}, {WEEKDAYS[weekday].title()}: {line}" for line in odd_hours(spans))
        for day, spans in sorted(adviser.changes.items()):
            yield from (f"{adviser.name}, {day:%d %b %Y}: {line}" for line in odd_hours(spans))


def _oddity(span: Span) -> str | None:
    start, end = _minutes(span.start), _minutes(span.end) or 2 * HALF_A_DAY  # midnight ends the same day
    length = (end - start) % (2 * HALF_A_DAY) or 2 * HALF_A_DAY
    if end <= start and length > HALF_A_DAY:
        return f"{span} lasts {_hours(length)}, into the next day{_meant(span.start, start, end + HALF_A_DAY)}"
    if start in SMALL_HOURS and start < end <= HALF_A_DAY:
        later = _time(start + HALF_A_DAY)
        return f"{span} begins in the small hours{_meant(later, start + HALF_A_DAY, end + HALF_A_DAY)}"
    return None


def _meant(begins: time, start: int, end: int) -> str:
    """Return the question for the same hours in the afternoon, where there are such."""
    return f": is {Span(begins, _time(end))} meant?" if start < end < 2 * HALF_A_DAY else ""


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{whole} hours" if not rest else f"{whole} hours and {rest} minutes"
