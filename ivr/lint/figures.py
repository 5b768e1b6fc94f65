"""Spans of time in a text, in words or digits, as figures that can be compared."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from num2words import num2words

LARGEST = 100
HALF = "half a"
ONE = r"(?:an?(?= (?:hour|week|month|year)s?\b))"
"""“A month”, not “a working day” or “a school year”, which are no counts."""
UNIT = r"(?:(?P<kind>working|school|calendar|clear) )?(?P<unit>hour|day|week|month|year)s?\b"
MENTIONED = re.compile(r"\b(?:hour|day|week|month|year|up to|at most)", re.IGNORECASE)
"""Few sentences speak of time at all, and to look for every number takes long."""
BETWEEN = r"(?:,| to| or| and)"


class Figure(NamedTuple):
    """A count of hours, days, weeks, months or years; the unit is "" where it was named before."""

    size: float
    unit: str


def figures_in(text: str) -> Iterator[tuple[Figure, str]]:
    """Yield every figure of a text, each with the words that it stands in; “week six” is six weeks.

    >>> [(one.size, one.unit) for one, _ in figures_in("Within 25 working days, at most thirty. From day six.")]
    [(25.0, 'working day'), (30.0, ''), (6.0, 'day')]
    >>> [words for _, words in figures_in("For a month from the sixth school day, or half a day. A working day.")]
    ['a month', 'sixth school day', 'half a day']
    """
    for found in _pattern().finditer(text) if MENTIONED.search(text) else ():
        named = " ".join(filter(None, found.group("kind", "unit", "before"))).lower()
        counts = next(filter(None, found.group("counts", "after", "bare")))
        for word in re.split(rf"{BETWEEN} ", counts):
            yield Figure(_size(word.lower()), named), found[0]


@cache
def _numbers() -> dict[str, float]:
    """Return every number in words, as a count and as one of a row, with its value; “the first days” are no count."""
    rows = {num2words(number, to="ordinal"): float(number) for number in range(2, LARGEST)}
    return rows | {num2words(number): float(number) for number in range(1, LARGEST)} | {HALF: 0.5, "a": 1, "an": 1}


def _size(word: str) -> float:
    return _numbers().get(word) or float(re.sub("[^0-9.]", "", word))


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_numbers().keys() - {"a", "an"}, key=len, reverse=True)
    number = rf"(?:[0-9]+(?:st|nd|rd|th)?|{'|'.join(words)}|{ONE})"
    ways = (
        rf"\b(?P<counts>{number}(?:{BETWEEN} {number})*)[ -]{UNIT}",
        rf"\b(?P<before>day|week) (?P<after>{number})\b",
        rf"\b(?:up to|at most) (?P<bare>{number})(?=[.,;:]|$)",
    )
    return re.compile("|".join(ways), re.IGNORECASE)
