"""Dates and times as people in Britain write them: the day first, or the year first as machines do."""

from datetime import UTC, date, datetime, time
from re import fullmatch

from ivr.helpline.timezone import LONDON, local_time

DAY_FIRST = r"(?P<day>\d{1,2})(?P<sign>[/.\- ])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})"
EIGHT_DIGITS = r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})"
YEAR_FIRST = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
IN_WORDS = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})"
FORMS = (DAY_FIRST, EIGHT_DIGITS, YEAR_FIRST, IN_WORDS)
TIME = r"(?P<hour>\d{1,2})[:.](?P<rest>\d{2}(?::\d{2})?)(?:\.\d+)?"
OFFSET = r" ?(?P<offset>z|[+-]\d{2}:?\d{2})"
MOMENT = rf"(?P<date>.+?)(?:(?:t|,? (?:at )?){TIME}(?:{OFFSET})?)?"
YEARS = range(1900, 2900)
"""A day of use in another year is a mistake, and leaves no room to count from."""
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


def parse_moment(text: str) -> datetime | None:
    """Return the moment (UTC) that a text is, or None if it is none; a day without a time is its first moment.

    A date may be followed by a time, on the clock of London unless the text has an offset.

    >>> texts = ("2026-07-01T09:30", "1/7/2026 9.30", "1 July 2026, 09:30:00", "2026-07-01 at 08:30Z")
    >>> {str(parse_moment(text)) for text in texts}
    {'2026-07-01 08:30:00+00:00'}
    >>> str(parse_moment("01072026")), parse_moment("noon"), parse_moment("2026-07-01 25:00")
    ('2026-06-30 23:00:00+00:00', None, None)
    """
    found = fullmatch(MOMENT, " ".join(text.split()).lower())
    day = parse_date(found["date"]) if found else None
    if not found or day is None or day.year not in YEARS:
        return None
    try:
        at = time.fromisoformat(f"{int(found['hour']):02}:{found['rest']}") if found["hour"] else time()
        if not found["offset"]:
            return local_time(day, at)
        return datetime.fromisoformat(f"{day}T{at}{found['offset'].upper()}").astimezone(UTC)
    except ValueError:
        return None


def parse_time_of_day(text: str, now: datetime) -> datetime | None:
    """Return a time such as 15:00 on the day of a moment (`now`) in London; None if the text is none.

    >>> str(parse_time_of_day("15:00", datetime(2026, 7, 1, 9, tzinfo=UTC)))
    '2026-07-01 15:00:00+01:00'
    >>> parse_time_of_day("25:00", datetime(2026, 7, 1, 9, tzinfo=UTC))
    """
    written = fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text.strip())
    if written is None:
        return None
    return now.astimezone(LONDON).replace(hour=int(written[1]), minute=int(written[2]), second=0, microsecond=0)


def _month(written: str) -> int:
    """Return the number of a month; raises ValueError for a word that names none."""
    if written.isdigit():
        return int(written)
    names = [place for place, name in enumerate(MONTHS, start=1) if name.startswith(written)]
    if len(names) != 1:
        raise ValueError(written)
    return names[0]
