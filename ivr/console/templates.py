"""Renders pages: what is put into a template is escaped, and a name that is missing is an error."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ivr.helpline.hours_format import WEEKDAYS, written_spans
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.phone_numbers import UNITED_KINGDOM, NumberKind, grouped, kind_of
from ivr.helpline.timezone import LONDON, today_in_london
from ivr.helpline.weeks import week_name
from ivr.staff.accounts import ways_in
from ivr.store.sms_list import ListedText
from ivr.store.sms_states import SmsState

TEXT_STATES = {
    SmsState.waiting: "waits to be sent",
    SmsState.sending: "is being sent",
    SmsState.unknown: "perhaps sent, we are looking",
    SmsState.sent: "sent",
    SmsState.delivered: "delivered",
    SmsState.failed: "not sent",
}
FOLDER = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the environment of all templates, each compiled once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    filters: dict[str, Callable[..., object]] = {
        "day": day,
        "long_day": long_day,
        "moment": moment,
        "dated": dated,
        "dated_end": dated_end,
        "clock": clock,
        "duration": duration,
        "commands": commands,
        "telephone": telephone,
        "text_state": text_state,
        "ways_in": ways_in,
        "until": until,
        "week_name": lambda moment: week_name(today_in_london(moment)),
        "hours": hours,
        "percent": percent,
        "ending": ending,
        "week": week,
        "iso_moment": iso_moment,
    }
    made.filters.update(filters)
    return made


def day(value: date) -> str:
    """Write a date as people do.

    >>> day(date(2026, 12, 14))
    'Mon 14 December 2026'
    """
    return f"{value:%a} {value.day} {value:%B %Y}"


def long_day(value: date) -> str:
    """Write a date in full, as in a letter.

    >>> long_day(date(2026, 12, 14))
    'Monday 14 December 2026'
    """
    return f"{value:%A} {value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """Write a moment (aware) by the clock of London.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 7, 1, 8, 5, tzinfo=UTC))
    'Wed 1 July at 9:05'
    """
    here = value.astimezone(LONDON)
    return f"{here:%a} {here.day} {here:%B} at {clock(value)}"


def dated(value: datetime) -> str:
    """Write a moment (aware) by the clock of London, with its year.

    >>> from datetime import UTC
    >>> dated(datetime(2026, 7, 31, 23, 5, tzinfo=UTC))
    'Sat 1 August 2026, 0:05'
    """
    return f"{day(value.astimezone(LONDON))}, {clock(value)}"


def dated_end(value: datetime) -> str:
    """Write when something ends (aware) like `dated`: midnight is the end of the day before.

    >>> from datetime import UTC
    >>> dated_end(datetime(2026, 12, 2, tzinfo=UTC)), dated_end(datetime(2026, 12, 1, 17, tzinfo=UTC))
    ('Tue 1 December 2026, 24:00', 'Tue 1 December 2026, 17:00')
    """
    here = value.astimezone(LONDON)
    return f"{day(here - timedelta(days=1))}, 24:00" if clock(value) == "0:00" else dated(value)


def clock(value: datetime) -> str:
    """Write the time of day of a moment (aware) by the clock of London.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 12, 1, 15, 30, tzinfo=UTC))
    '15:30'
    """
    here = value.astimezone(LONDON)
    return f"{here.hour}:{here:%M}"


def commands(text: str) -> Markup:
    """Mark up what is typed, which stands between backquotes.

    >>> commands("start `ivr worker` & wait")
    Markup('start <code>ivr worker</code> &amp; wait')
    """
    parts = text.split("`")
    return Markup().join(Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts))


def duration(value: timedelta | float) -> str:
    """Write how long something is or was, in the largest units that matter.

    >>> duration(95), duration(timedelta(hours=3, minutes=5)), duration(timedelta(days=2, hours=4))
    ('1 min 35 s', '3 h 5 min', '2 days')
    """
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} day{'s' if days > 1 else ''}"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def telephone(number: str | None) -> str:
    """Write a number in the groups in which it is read; say so if it was withheld or cannot be read.

    >>> telephone("+447700900123"), telephone("+33123456789"), telephone("anonymous"), telephone(None)
    ('07700 900 123', '+33123456789', 'withheld', 'cannot be read')
    """
    if number is None:
        return "cannot be read"
    if kind_of(number) is NumberKind.withheld:
        return "withheld"
    return grouped(number) if number.startswith(UNITED_KINGDOM) else number


def until(value: datetime) -> str:
    """Write when something ends (aware) by the clock of London: midnight is the end of a day.

    >>> from datetime import UTC
    >>> until(datetime(2026, 12, 2, tzinfo=UTC)), until(datetime(2026, 12, 1, 17, tzinfo=UTC))
    ('24:00', '17:00')
    """
    return "24:00" if clock(value) == "0:00" else clock(value)


def hours(value: timedelta) -> str:
    """Write how many hours something takes.

    >>> hours(timedelta(hours=37, minutes=30)), hours(timedelta(hours=8)), hours(timedelta())
    ('37 h 30 min', '8 h', 'none')
    """
    whole, minutes = divmod(round(value.total_seconds() / 60), 60)
    return " ".join(part for part in (f"{whole} h" * bool(whole), f"{minutes} min" * bool(minutes)) if part) or "none"


def percent(share: float | None) -> str:
    """Write a share of a whole; 100% is all of it and nothing less.

    >>> percent(0.9999), percent(1.0), percent(None)
    ('99%', '100%', 'none')
    """
    return "none" if share is None else f"{int(share * 100)}%"


def ending(number: str) -> str:
    """Write a number for those who need not know it.

    >>> ending("+447700900123"), ending("")
    ('ends in 123', 'cannot be read')
    """
    return f"ends in {number[-3:]}" if number else "cannot be read"


def week(ours: OpeningHoursFile) -> list[tuple[str, str]]:
    """Return each weekday with its hours as people write them."""
    return [(WEEKDAYS[place].title(), written_spans(spans)) for place, spans in ours.weekly.week().items()]


def iso_moment(value: object) -> str:
    """Write what stands in an export: a moment in ISO 8601 by the clock of London, yes and no, or as it is.

    >>> iso_moment("2026-07-31T23:05:00+00:00"), iso_moment("2026-12-14"), iso_moment(True), iso_moment("school")
    ('Sat 1 August 2026, 0:05', 'Mon 14 December 2026', 'yes', 'school')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if not re.match(r"\d{4}-\d\d-\d\d(T|$)", text):
        return text
    return dated(datetime.fromisoformat(text)) if "T" in text else day(date.fromisoformat(text))


def text_state(text: ListedText) -> str:
    """Write how a text stands that staff sent."""
    state = TEXT_STATES[text.state]
    return f"{state}: {text.reason}" if text.reason and text.state is SmsState.failed else state
