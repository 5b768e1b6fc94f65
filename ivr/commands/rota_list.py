"""`ivr rota list`, `who` and `log`: the rota, who is rung at a moment, and the audit log."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from ivr.commands.options import AsJson, At, Folder, Limit
from ivr.commands.output import show
from ivr.commands.transaction import in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.helpline.hours_format import WEEKDAYS
from ivr.helpline.opening_hours import Span
from ivr.helpline.rota import Adviser, of_setting
from ivr.helpline.timezone import LONDON, today_in_london
from ivr.staff.rota import Duty, duty
from ivr.store import audit
from ivr.store import rota as store


def list_(as_json: AsJson = False) -> None:
    """Show everybody on the rota, in the order in which they are rung.

    Examples: `ivr rota`, `ivr rota list --json`.
    """
    advisers, today = in_transaction(store.read), today_in_london(current_time())
    nothing = f"Nobody is on the rota: {len(usable_settings().advisers)} of IVR_ADVISERS are rung."
    lines = (line for adviser in advisers for line in _lines(adviser, today))
    show([_fields(adviser, today) for adviser in advisers], lines, as_json=as_json, nothing=nothing)


def show_one(adviser: Adviser, as_json: bool) -> None:
    """Show one adviser of the rota."""
    today = today_in_london(current_time())
    show(_fields(adviser, today), _lines(adviser, today), as_json=as_json)


def who_is_rung(at: At, folder: Folder, as_json: AsJson = False) -> None:
    """Show who is rung at a moment, in order, and whether the helpline is open then.

    Examples: `ivr rota who`, `ivr rota who --at "24/12/2026 10:00" --json`.
    """
    from ivr.loader import load

    hours, setting = load(folder).hours, of_setting(usable_settings().advisers)
    found = in_transaction(lambda db, cipher: duty(db, cipher, hours, setting, at))
    show(_duty_fields(found), _duty_lines(found), as_json=as_json)


def log(limit: Limit = 20, as_json: AsJson = False) -> None:
    """Show who changed what in the rota, the closures, the callbacks and the messages; kept for a year.

    Examples: `ivr rota log`, `ivr rota log --limit 100 --json`.
    """
    entries = in_transaction(lambda db, _: audit.read(db, limit))
    lines = (f"{_format_time(entry.at)}  {entry.who}: {entry.what}" for entry in entries)
    show(entries, lines, as_json=as_json, nothing="Nothing was changed yet.")


def _lines(adviser: Adviser, today: date) -> Iterator[str]:
    yield f"{adviser.name}  {adviser.number}{'  away' if adviser.away else ''}"
    if adviser.week is None:
        yield "  at any hour we are open"
    for weekday, spans in sorted((adviser.week or {}).items()):
        yield f"  {WEEKDAYS[weekday].title()} {_spans(spans)}"
    for day, spans in _ahead(adviser, today):
        yield f"  {day:%a %d %b %Y} {_spans(spans)}"


def _ahead(adviser: Adviser, today: date) -> list[tuple[date, tuple[Span, ...]]]:
    """Return the changed days that are not over."""
    return [(day, spans) for day, spans in sorted(adviser.changes.items()) if day >= today]


def _fields(adviser: Adviser, today: date) -> dict[str, Any]:
    week = adviser.week
    return {
        "name": adviser.name,
        "number": adviser.number,
        "away": adviser.away,
        "week": None if week is None else {WEEKDAYS[day]: list(map(str, week[day])) for day in sorted(week)},
        "changes": {day.isoformat(): list(map(str, spans)) for day, spans in _ahead(adviser, today)},
    }


def _duty_lines(found: Duty) -> Iterator[str]:
    opening, coming = found.opening, found.next
    if not opening.is_open:
        when = f"; we open {_format_time(opening.opens)}" if opening.opens else ""
        yield f"We are closed{f' ({opening.reason})' if opening.reason else ''}{when}. Nobody is rung."
    yield from map(_name, found.on_shift)
    if not found.on_shift:
        after = f"; {_name(coming[0])} is next, {_format_time(coming[1])}" if coming else ""
        yield f"Nobody is there{after}."


def _duty_fields(found: Duty) -> dict[str, Any]:
    opening, coming = found.opening, found.next
    return {
        "at": found.at,
        "open": opening.is_open,
        "reason": opening.reason,
        "opens": opening.opens,
        "on_shift": [_name(adviser) for adviser in found.on_shift],
        "next": {"name": _name(coming[0]), "at": coming[1]} if coming else None,
    }


def _name(adviser: Adviser) -> str:
    return adviser.name or adviser.number


def _spans(spans: tuple[Span, ...]) -> str:
    return " ".join(map(str, spans)) or "off"


def _format_time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}"
