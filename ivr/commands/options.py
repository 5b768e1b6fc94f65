"""Arguments and options that commands share: the content folder, --json, dates, weekdays, hours, phone numbers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from re import sub
from typing import Annotated

import typer

from ivr.config import content_folder
from ivr.helpline.hours_format import WEEKDAYS, parse_spans
from ivr.helpline.opening_hours import Span
from ivr.helpline.phone_numbers import NumberKind, from_keys, kind_of
from ivr.helpline.timezone import LONDON, local_time

DAY = "%Y-%m-%d"
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
OFF = "off"
Folder = Annotated[
    Path,
    typer.Option(
        default_factory=content_folder,
        show_default="that of IVR_CONTENT, or our own",
        help="The folder with flows/ and prompts/.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Today = Annotated[
    datetime | None,
    typer.Option(envvar="IVR_NOW", formats=[DAY, "%Y-%m-%dT%H:%M:%S%z"], help="The date to check facts against."),
]
"""A given day, or the frozen clock of development."""
SHORTEST_NAME = 3
REFUSED = {
    NumberKind.foreign: "That number is abroad: we only ring numbers of the United Kingdom.",
    NumberKind.premium: "Ringing that number costs extra: take a mobile, or a number that begins 01, 02 or 03.",
    NumberKind.personal: "That is a personal number (070), which can cost extra: "
    "take a mobile, or one that begins 01 or 02.",
    NumberKind.pager: "That is a pager, and nobody can be talked to on it.",
}


def number_of(typed: str) -> str:
    """Return an adviser's number in E.164; raises BadParameter for a number that is never called."""
    number = from_keys(sub(r"[\s().-]", "", typed))
    kind = kind_of(number)
    if kind not in (NumberKind.mobile, NumberKind.landline):
        raise typer.BadParameter(REFUSED.get(kind, "Write the number such as 07700 900001 or +447700900001."))
    return number


def weekdays_of(typed: str) -> tuple[int, ...]:
    """Parse weekdays, 0 for Monday: mon, monday, mon-fri, sat,sun."""
    days = [day for part in typed.lower().split(",") for day in _from_to(*map(_weekday, part.split("-", 1)))]
    return tuple(dict.fromkeys(days))


def _from_to(first: int, last: int | None = None) -> list[int]:
    """Return a range of weekdays, which may wrap around: sat-mon."""
    return [first] if last is None else [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _weekday(typed: str) -> int:
    found = [place for place, name in enumerate(WEEKDAYS) if len(typed) >= SHORTEST_NAME and name.startswith(typed)]
    if not found:
        raise typer.BadParameter(f"“{typed}” is not a weekday: write mon, tue, … or mon-fri.")
    return found[0]


def spans_of(typed: Sequence[str]) -> tuple[Span, ...]:
    """Parse the hours of one day, or `off`."""
    try:
        return () if list(typed) == [OFF] else parse_spans(typed)
    except ValueError as error:
        raise typer.BadParameter(f"{error}. Or write off.") from None


def moment_of(typed: datetime) -> datetime:
    """Return the moment (UTC) of a local time in London."""
    return local_time(typed.date(), typed.time())


def whole_day(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day, and that of the next day."""
    midnight = datetime.min.time()
    return local_time(day, midnight), local_time(day + timedelta(days=1), midnight)


def today_of(typed: datetime | None) -> date:
    """Return the given day, or today in London."""
    if typed is None:
        return datetime.now(LONDON).date()
    return typed.astimezone(LONDON).date() if typed.tzinfo else typed.date()
