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
from ivr.helpline.rota import Absence, Adviser, of_setting
from ivr.helpline.timezone import LONDON, today_in_london
from ivr.staff import rota as staff
from ivr.staff.rota import Duty, OnRota, duty
from ivr.store import audit
from ivr.store.cipher import UNREADABLE


def list_(as_json: AsJson = False) -> None:
    """Show everybody on the rota, in the order in which they are rung, and who is on a call or passed over now.

    Examples: `ivr rota`, `ivr rota list --json`.
    """
    now = current_time()
    advisers, today = _read(now), today_in_london(now)
    nothing = f"Nobody is on the rota: {len(usable_settings().advisers)} of IVR_ADVISERS are rung."
    lines = (line for adviser in advisers for line in _lines(adviser, today))
    show([_fields(adviser, today) for adviser in advisers], lines, as_json=as_json, nothing=nothing)


def show_one(name: str, as_json: bool) -> None:
    """Show one adviser of the rota, by name in any case."""
    now = current_time()
    advisers, today = _read(now), today_in_london(now)
    [found] = [one for one in advisers if one.adviser.name.casefold() == name.casefold()]
    show(_fields(found, today), _lines(found, today), as_json=as_json)


def _read(now: datetime) -> tuple[OnRota, ...]:
    most = usable_settings().unanswered_per_hour
    return in_transaction(lambda db, cipher: staff.read(db, cipher, most, now))


def who_is_rung(at: At, folder: Folder, as_json: AsJson = False) -> None:
    """Show who is rung at a moment, in order, and whether the helpline is open then.

    Examples: `ivr rota who`, `ivr rota who --at "24/12/2026 10:00" --json`.
    """
    from ivr.loader import load
    from ivr.steps.queue import Queue

    helpline, settings = load(folder), usable_settings()
    setting = of_setting(settings.advisers)
    found = in_transaction(lambda db, cipher: duty(db, cipher, helpline.hours, setting, at))
    at_once = any(isinstance(step, Queue) and step.all_at_once for step in helpline.flows.steps.values())
    apart = (len(found.on_shift) - 1) / settings.calls_per_second if at_once and found.on_shift else 0.0
    show(_duty_fields(found, apart), _duty_lines(found, apart), as_json=as_json)


def log(limit: Limit = 20, as_json: AsJson = False) -> None:
    """Show who changed what; kept for a year. `ivr audit` shows the same, finds words in it, and verifies it.

    Examples: `ivr rota log`, `ivr rota log --limit 100 --json`.
    """
    entries = in_transaction(lambda db, _: audit.read(db, limit))
    lines = (f"{_format_time(entry.at)}  {entry.who}: {entry.what}" for entry in entries)
    fields = [{"at": entry.at, "who": entry.who, "what": entry.what} for entry in entries]
    show(fields, lines, as_json=as_json, nothing="Nothing was changed yet.")


def _lines(on_rota: OnRota, today: date) -> Iterator[str]:
    adviser = on_rota.adviser
    yield f"{adviser.name}  {adviser.number or f'({UNREADABLE})'}{'  away' if adviser.away else ''}"
    if on_rota.engaged_since:
        yield f"  on a call with us since {_format_time(on_rota.engaged_since)}"
    if on_rota.passed_over_until:
        yield f"  not rung until {_format_time(on_rota.passed_over_until)}: too many rings unanswered in an hour"
    if adviser.week is None:
        yield "  at any hour we are open"
    for weekday, spans in sorted((adviser.week or {}).items()):
        yield f"  {WEEKDAYS[weekday].title()} {_spans(spans)}"
    for day, spans in _ahead(adviser, today):
        yield f"  {day:%a %d %b %Y} {_spans(spans)}"
    for absence in _absences(adviser, today):
        yield f"  away {absence}"


def _ahead(adviser: Adviser, today: date) -> list[tuple[date, tuple[Span, ...]]]:
    """Return the changed days that are not over."""
    return [(day, spans) for day, spans in sorted(adviser.changes.items()) if day >= today]


def _absences(adviser: Adviser, today: date) -> list[Absence]:
    """Return the absences that are not over."""
    return [absence for absence in adviser.absences if absence.last >= today]


def _fields(on_rota: OnRota, today: date) -> dict[str, Any]:
    adviser = on_rota.adviser
    week = adviser.week
    return {
        "name": adviser.name,
        "number": adviser.number or None,
        "away": adviser.away,
        "week": None if week is None else {WEEKDAYS[day]: list(map(str, week[day])) for day in sorted(week)},
        "changes": {day.isoformat(): list(map(str, spans)) for day, spans in _ahead(adviser, today)},
        "absences": [{"first": one.first, "last": one.last} for one in _absences(adviser, today)],
        "engaged_since": on_rota.engaged_since,
        "passed_over_until": on_rota.passed_over_until,
    }


def _duty_lines(found: Duty, apart: float) -> Iterator[str]:
    opening, coming = found.opening, found.next
    if not opening.is_open:
        when = f"; we open {_format_time(opening.opens)}" if opening.opens else ""
        yield f"We are closed{f' ({opening.reason})' if opening.reason else ''}{when}. Nobody is rung."
    yield from map(_name, found.on_shift)
    if not found.on_shift:
        after = f"; {_name(coming[0])} is next, {_format_time(coming[1])}" if coming else ""
        yield f"Nobody is there{after}."
    if apart:
        yield f"All are rung for one caller, the last {apart:g} s after the first (IVR_CALLS_PER_SECOND)."


def _duty_fields(found: Duty, apart: float) -> dict[str, Any]:
    opening, coming = found.opening, found.next
    return {
        "at": found.at,
        "open": opening.is_open,
        "reason": opening.reason,
        "opens": opening.opens,
        "on_shift": [_name(adviser) for adviser in found.on_shift],
        "last_rings_after": apart,
        "next": {"name": _name(coming[0]), "at": coming[1]} if coming else None,
    }


def _name(adviser: Adviser) -> str:
    return adviser.name or adviser.number


def _spans(spans: tuple[Span, ...]) -> str:
    return " ".join(map(str, spans)) or "off"


def _format_time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}"
