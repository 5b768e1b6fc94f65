"""Days and times of the forms of the page Hours, and the days in its addresses."""

from collections.abc import Mapping
from datetime import date, datetime, time

from ivr.console.planned import FormRefused
from ivr.helpline.date_format import YEARS, parse_date
from ivr.helpline.timezone import local_time
from ivr.staff.lookup import NoSuchItem


def day_in(form: Mapping[str, str], name: str, what: str) -> date:
    """Return the day of a field; raise FormRefused where there is none."""
    found = day_or_none(form, name)
    if found is None:
        raise FormRefused({name: f"Write {what}."})
    return found


def day_in_address(id: str, otherwise: str) -> date:
    """Return the day that stands for something in the address of a page; raise NoSuchItem, `otherwise`."""
    try:
        return date.fromisoformat(id)
    except ValueError:
        raise NoSuchItem(otherwise) from None


def day_or_none(form: Mapping[str, str], name: str) -> date | None:
    """Return the day of a field, None where it is empty; raise FormRefused for what is no day."""
    written = form.get(name, "")
    if not written:
        return None
    found = parse_date(written)
    if found is None or found.year not in YEARS:
        raise FormRefused({name: f"“{written}” is not a date: write such as 24/12/2026."})
    return found


def time_or_none(form: Mapping[str, str], name: str) -> time | None:
    """Return the time of day of a field, None where it is empty; raise FormRefused for what is none."""
    written = form.get(name, "").replace(".", ":")
    if not written:
        return None
    try:
        return time.fromisoformat(written.zfill(5)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise FormRefused({name: f"“{written}” is not a time: write such as 14:30."}) from None


def moment_in(form: Mapping[str, str], day_name: str, time_name: str, what: str) -> datetime:
    """Return the moment of a day and a time (UTC), midnight without a time; raise FormRefused without a day."""
    return local_time(day_in(form, day_name, what), time_or_none(form, time_name) or time())
