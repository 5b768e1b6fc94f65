"""`ivr rota week`: who is there when, in a week, and when nobody is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from ivr.commands.options import AsJson, Folder
from ivr.commands.output import show
from ivr.commands.rota_change import in_words
from ivr.commands.transaction import in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.helpline.hours_format import written_spans
from ivr.helpline.intervals import Interval
from ivr.helpline.rota import Adviser, of_setting
from ivr.helpline.timezone import LONDON, today_in_london
from ivr.helpline.weeks import monday_of, week_name
from ivr.staff import rota_week as staff
from ivr.staff.rota_week import Difference, RotaDay, RotaWeek


def week(
    folder: Folder,
    week: Annotated[
        str, typer.Argument(metavar="WEEK", help="2026-W49, or any day of it; left out, this week.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show a week: when we are open, who is there, when nobody is, and how many hours each adviser has.

    Examples: `ivr rota week`, `ivr rota week 2026-W53`, `ivr rota week 24/12/2026 --json`.
    """
    from ivr.loader import load

    helpline, setting = load(folder), of_setting(usable_settings().advisers)
    monday = monday_of(week, today_in_london(current_time()))
    found = in_transaction(lambda db, cipher: staff.read(db, cipher, helpline.hours, setting, monday))
    show(_fields(found), _lines(found), as_json=as_json)


def _lines(week: RotaWeek) -> Iterator[str]:
    for day in week.days:
        yield from _day_lines(day)
    yield "hours on shift while we are open: this week, and in four weeks"
    for one in week.balances:
        yield f"  {_name(one.adviser)}  {_hours(one.week)}  {_hours(one.around)}"
    yield f"somebody is there: {_share(week.staffed)} of our open hours, {_share(week.staffed_around)} in four weeks"


def _day_lines(day: RotaDay) -> Iterator[str]:
    is_open = ", ".join(map(_times, day.open)) or "closed"
    yield f"{day.day:%a %d %b %Y}  {is_open}{' (bank holiday)' if day.is_bank_holiday else ''}"
    for closure in day.closures:
        yield f"  closed {in_words((closure.begins, closure.ends))}: {closure.reason}"
    for shift in day.shifts:
        yield f"  {_times((shift.begins, shift.ends))}  {_name(shift.adviser)}"
    for gap in day.gaps:
        yield f"  {_times(gap)}  NOBODY"
    for one in day.differences:
        yield f"  {_name(one.adviser)}: {_difference(one)}"


def _difference(one: Difference) -> str:
    if one.is_away or one.override is None:
        return f"away {one.absence or 'until they are back'}"
    why = ", ".join(part for part in (one.override.why, one.override.set_by) if part)
    usual, now = (written_spans(spans) or "off" for spans in (one.usual, one.override.spans))
    return f"{now} instead of {usual}{f' ({why})' if why else ''}"


def _fields(week: RotaWeek) -> dict[str, Any]:
    return {
        "week": week_name(week.first),
        "gaps": list(map(_interval, week.gaps)),
        "days": list(map(_day_fields, week.days)),
        "hours": [
            {"name": _name(one.adviser), "week": _decimal(one.week), "four_weeks": _decimal(one.around)}
            for one in week.balances
        ],
        "staffed": week.staffed,
        "staffed_four_weeks": week.staffed_around,
    }


def _day_fields(day: RotaDay) -> dict[str, Any]:
    return {
        "day": day.day,
        "open": list(map(_interval, day.open)),
        "bank_holiday": day.is_bank_holiday,
        "closures": [_interval((one.begins, one.ends)) | {"reason": one.reason} for one in day.closures],
        "shifts": [{"name": _name(shift.adviser)} | _interval((shift.begins, shift.ends)) for shift in day.shifts],
        "gaps": list(map(_interval, day.gaps)),
        "differences": [
            {"name": _name(one.adviser), "away": one.is_away, "what": _difference(one)} for one in day.differences
        ],
    }


def _interval(interval: Interval) -> dict[str, datetime]:
    return {"from": interval[0], "until": interval[1]}


def _times(interval: Interval) -> str:
    begins, ends = (moment.astimezone(LONDON) for moment in interval)
    return f"{begins:%H:%M}-{ends:%H:%M}"


def _name(adviser: Adviser) -> str:
    return adviser.name or adviser.number


def _hours(length: timedelta) -> str:
    return f"{_decimal(length):g} h"


def _decimal(length: timedelta) -> float:
    return round(length.total_seconds() / 3600, 2)


def _share(share: float | None) -> str:
    return "none" if share is None else f"{int(share * 100)}%"
