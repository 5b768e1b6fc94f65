"""What is written in the forms of the rota: days, hours of a week, a telephone number."""

from datetime import date

from ivr.console.form import Form
from ivr.errors import InvalidInput
from ivr.helpline.date_format import YEARS, parse_date
from ivr.helpline.hours_format import WEEKDAYS
from ivr.helpline.opening_hours import Week
from ivr.helpline.phone_numbers import parse_number
from ivr.staff.typed_hours import parse_typed_hours


def typed_day(form: Form, field: str, what: str) -> date:
    """Return the day that was written in a field; raise InvalidInput, naming `what` it is."""
    text = form.get(field, "")
    day = parse_date(text)
    if day is None or day.year not in YEARS:
        raise InvalidInput(f"Write {what}, such as 24/12/2026{f': “{text}” is none' if text else ''}.")
    return day


def typed_period(form: Form) -> tuple[date, date]:
    """Return the first and the last day; without a last, the first alone. Raise InvalidInput for what is none."""
    first = typed_day(form, "first", "the first day")
    return first, typed_day(form, "last", "the last day") if form.get("last") else first


def typed_week(form: Form) -> Week:
    """Return the hours of each weekday; raise InvalidInput, naming the weekday."""
    week = {}
    for day, name in enumerate(WEEKDAYS):
        try:
            week[day] = parse_typed_hours(form.get(name, ""))
        except InvalidInput as error:
            raise InvalidInput(f"{name.title()}: {error}") from None
    return week


def ticked_weekdays(form: Form) -> list[int]:
    """Return the weekdays that are ticked; raise InvalidInput if none is."""
    weekdays = [day for day, name in enumerate(WEEKDAYS) if name in form]
    if not weekdays:
        raise InvalidInput("Tick one weekday at least.")
    return weekdays


def typed_number(form: Form) -> str:
    """Return the telephone number (E.164); raise InvalidInput for what is none."""
    number = parse_number(form.get("number", ""))
    if number is None:
        raise InvalidInput("Write their telephone number, such as 07700 900001.")
    return number
