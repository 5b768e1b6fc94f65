"""Dates as people in Britain write them: the day first, or the year first as machines do."""

from datetime import date
from re import fullmatch

DAY_FIRST = r"(?P<day>\d{1,2})(?P<sign>[/.\- ])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})"
EIGHT_DIGITS = r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})"
YEAR_FIRST = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
IN_WORDS = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})"
FORMS = (DAY_FIRST, EIGHT_DIGITS, YEAR_FIRST, IN_WORDS)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def parse_date(text: str) -> date | None:
    """Return the date that a text is, or None if it is none.

    The year has four digits and the day comes before the month, as on a British letter: nothing else is guessed at.

    >>> {str(parse_date(text)) for text in ("14/10/2026", "14102026", "2026-10-14", "14th October 2026")}
    {'2026-10-14'}
    >>> [parse_date(text) for text in ("10/14/2026", "31/02/2026", "14/10/26", "20261014", "")]
    [None, None, None, None, None]
    """
    for form in FORMS:
        if found := fullmatch(form, " ".join(text.split()).lower()):
            try:
                return date(int(found["year"]), _month(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def _month(written: str) -> int:
    """Return the number of a month; raises ValueError for a word that names none."""
    if written.isdigit():
        return int(written)
    names = [place for place, name in enumerate(MONTHS, start=1) if name.startswith(written)]
    if len(names) != 1:
        raise ValueError(written)
    return names[0]
