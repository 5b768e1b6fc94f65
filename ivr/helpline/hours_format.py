"""Hours as people write them: spans of a day such as 09:00-12:30, and days of a week such as mon-fri."""

from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from re import fullmatch
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

from ivr.helpline.opening_hours import Span, Week

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORTEST = 3
"""Letters of a weekday."""
HOW = "write from when to when, such as 09:00-12:30"
MIDNIGHT = time()


def parse_spans(written: Iterable[str]) -> tuple[Span, ...]:
    """Return the spans of one day; raises ValueError, in words, for what is none, and for those that overlap.

    One that ends the day after can only be the last; 24:00 is the midnight at a day's end.

    >>> [str(span) for span in parse_spans(["13:00-17:00", "09:00-12:30"])]
    ['09:00-12:30', '13:00-17:00']
    """
    spans = tuple(sorted(map(_span, written)))
    for one, later in pairwise(spans):
        if one.end <= one.start or later.start < one.end:
            raise ValueError(f"{one} and {later} overlap")
    return spans


def written_spans(spans: Iterable[Span]) -> str:
    """Return spans as they are written; "" for none.

    >>> written_spans(parse_spans(["13:00-17:00", "09:00-12:30"]))
    '09:00-12:30 13:00-17:00'
    """
    return " ".join(map(str, spans))


def _span(written: str) -> Span:
    found = fullmatch(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})", written)
    if not found:
        raise ValueError(f"“{written}” is not hours; {HOW}")
    start, end = found.groups()
    return Span(_time(start, written), MIDNIGHT if end == "24:00" else _time(end, written))


def _time(part: str, written: str) -> time:
    try:
        return time.fromisoformat(part)
    except ValueError:
        raise ValueError(f"there is no {part} in “{written}”; {HOW}") from None


def parse_weekdays(written: str) -> tuple[int, ...]:
    """Return weekdays, 0 for Monday; raises ValueError, in words, for what is none. A range may go over Sunday.

    >>> parse_weekdays("mon"), parse_weekdays("Tuesday,sat-mon")
    ((0,), (1, 5, 6, 0))
    """
    days = [day for part in written.lower().split(",") for day in _from_to(*map(_weekday, part.split("-", 1)))]
    return tuple(dict.fromkeys(days))


def _from_to(first: int, last: int | None = None) -> list[int]:
    return [first] if last is None else [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _weekday(written: str) -> int:
    found = [place for place, name in enumerate(WEEKDAYS) if len(written) >= SHORTEST and name.startswith(written)]
    if not found:
        raise ValueError(f"“{written}” is not a weekday: write mon, tue, … or mon-fri.")
    return found[0]


def _spans(written: object) -> object:
    """Parse a list of texts; pydantic refuses anything else."""
    return parse_spans(map(str, written)) if isinstance(written, list) else written


def _written(spans: tuple[Span, ...]) -> list[str]:
    return list(map(str, spans))


FOR_EDITORS = {"type": "array", "items": {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"}}
Spans = Annotated[
    tuple[Span, ...], BeforeValidator(_spans), PlainSerializer(_written), WithJsonSchema(FOR_EDITORS, mode="validation")
]


class WeeklyHours(BaseModel):
    """A week in a file: under the name of each day, its spans; a day that is left out has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    monday: Spans = ()
    tuesday: Spans = ()
    wednesday: Spans = ()
    thursday: Spans = ()
    friday: Spans = ()
    saturday: Spans = ()
    sunday: Spans = ()

    def week(self) -> Week:
        """Return the spans by weekday, 0 for Monday."""
        return {place: getattr(self, name) for place, name in enumerate(WEEKDAYS)}
