"""`ivr rota list`, `who` and `log`: the rota, who is on shift at a moment, and the audit log."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands.arguments import MOMENTS, AsJson, moment_of
from ivr.commands.transaction import in_transaction
from ivr.config import read_settings
from ivr.engine.environment import Opening
from ivr.helpline.hours_format import WEEKDAYS
from ivr.helpline.opening_hours import Span
from ivr.helpline.rota import Adviser, RotaSnapshot, next_on_shift, of_setting, on_shift
from ivr.helpline.timezone import LONDON, today_in_london
from ivr.store import audit, closures
from ivr.store import rota as store
from ivr.store.cipher import Cipher

At = Annotated[datetime | None, typer.Option("--at", formats=MOMENTS, help="Such as 2026-12-24T10:00; or else now.")]


def show(as_json: AsJson = False) -> None:
    """Show everybody on the rota, in the order in which they are rung.

    Examples: `ivr rota`, `ivr rota list --json`.
    """
    advisers = in_transaction(store.read)
    if as_json:
        typer.echo(json.dumps([_as_json(adviser) for adviser in advisers], indent=2, ensure_ascii=False))
    elif advisers:
        typer.echo("\n".join(line for adviser in advisers for line in _lines(adviser)))
    else:
        typer.echo(f"Nobody is on the rota: {len(read_settings().advisers)} of IVR_ADVISERS are rung.")


def show_one(name: str) -> None:
    """Show one adviser of the rota."""
    for adviser in in_transaction(store.read):
        if adviser.name.casefold() == name.casefold():
            typer.echo("\n".join(_lines(adviser)))


def who(at: At = None, as_json: AsJson = False) -> None:
    """Show who is rung at a moment, in order, and whether the helpline is open then.

    Examples: `ivr rota who`, `ivr rota who --at 2026-12-24T10:00 --json`.
    """
    from ivr.loader import load

    now = moment_of(at) if at else read_settings().clock()
    snapshot = in_transaction(lambda db, cipher: _snapshot(db, cipher, now)).or_else(
        of_setting(read_settings().advisers)
    )
    hours = snapshot.hours(load(read_settings().content).hours)
    opening = hours.opening(now) if hours else Opening(is_open=True)
    if as_json:
        typer.echo(json.dumps(_json_at(snapshot, opening, now), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines_at(snapshot, opening, now)))


def log(limit: Annotated[int, typer.Option(help="How many, the newest first.")] = 20, as_json: AsJson = False) -> None:
    """Show who changed what in the rota and the closures; kept for a year.

    Examples: `ivr rota log`, `ivr rota log --limit 100 --json`.
    """
    entries = in_transaction(lambda db, _: audit.read(db, limit))
    if as_json:
        plain = [{"at": entry.at.isoformat(), "who": entry.who, "what": entry.what} for entry in entries]
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
    else:
        lines = [f"{_format_time(entry.at)}  {entry.who}: {entry.what}" for entry in entries]
        typer.echo("\n".join(lines) if lines else "Nothing was changed yet.")


async def _snapshot(db: AsyncConnection, cipher: Cipher, now: datetime) -> RotaSnapshot:
    kept = await closures.read(db, now)
    return RotaSnapshot(await store.read(db, cipher), tuple(one.closure for one in kept))


def _lines(adviser: Adviser) -> Iterator[str]:
    yield f"{adviser.name}  {adviser.number}{'  away' if adviser.away else ''}"
    if adviser.week is None:
        yield "  at any hour we are open"
    for weekday, spans in sorted((adviser.week or {}).items()):
        yield f"  {WEEKDAYS[weekday].title()} {_spans(spans)}"
    for day, spans in _ahead(adviser):
        yield f"  {day:%a %d %b %Y} {_spans(spans)}"


def _ahead(adviser: Adviser) -> list[tuple[date, tuple[Span, ...]]]:
    """Return the changed days that are not over."""
    today = today_in_london(read_settings().clock())
    return [(day, spans) for day, spans in sorted(adviser.changes.items()) if day >= today]


def _as_json(adviser: Adviser) -> dict[str, Any]:
    week = adviser.week
    return {
        "name": adviser.name,
        "number": adviser.number,
        "away": adviser.away,
        "week": None if week is None else {WEEKDAYS[day]: list(map(str, week[day])) for day in sorted(week)},
        "changes": {day.isoformat(): list(map(str, spans)) for day, spans in _ahead(adviser)},
    }


def _lines_at(snapshot: RotaSnapshot, opening: Opening, now: datetime) -> Iterator[str]:
    there = on_shift(snapshot.advisers, now)
    if not opening.is_open:
        when = f"; we open {_format_time(opening.opens)}" if opening.opens else ""
        yield f"We are closed{f' ({opening.reason})' if opening.reason else ''}{when}. Nobody is rung."
    yield from (_name(adviser) for adviser in there)
    coming = next_on_shift(snapshot.advisers, now)
    if not there:
        yield (
            f"Nobody is there; {_name(coming[0])} is next, {_format_time(coming[1])}." if coming else "Nobody is there."
        )


def _json_at(snapshot: RotaSnapshot, opening: Opening, now: datetime) -> dict[str, Any]:
    coming = next_on_shift(snapshot.advisers, now)
    return {
        "at": now.isoformat(),
        "open": opening.is_open,
        "reason": opening.reason,
        "opens": opening.opens.isoformat() if opening.opens else None,
        "on_shift": [_name(adviser) for adviser in on_shift(snapshot.advisers, now)],
        "next": {"name": _name(coming[0]), "at": coming[1].isoformat()} if coming else None,
    }


def _name(adviser: Adviser) -> str:
    return adviser.name or adviser.number


def _spans(spans: tuple[Span, ...]) -> str:
    return " ".join(map(str, spans)) or "off"


def _format_time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}"
