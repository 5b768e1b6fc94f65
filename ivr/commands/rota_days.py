"""`ivr rota change`, `absent`, `present`, `swap` and `cover`: days that are not as in every week."""

from datetime import date
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import completion
from ivr.commands.options import DAYS, AsJson, day
from ivr.commands.rota_arguments import USUAL, Day, Hours, Name, Other, spans_of, warn_of_odd, weekdays_of
from ivr.commands.rota_change import content_hours, make
from ivr.commands.rota_list import list_, show_one
from ivr.commands.transaction import Who
from ivr.helpline.hours_format import WEEKDAYS
from ivr.staff import rota_days, shift_swap
from ivr.store.cipher import Cipher

WEEKDAYS_AMONG = typer.Option(
    "--days", metavar="DAYS", help="Only these weekdays among them.", autocompletion=completion.of(*WEEKDAYS)
)
TAKEN = typer.Argument(help="09:00-11:00, if they take other hours.", show_default=False)
Until = Annotated[date | None, typer.Option("--until", parser=day, metavar="DAY", help=f"The last day: {DAYS}.")]


def change(
    name: Name,
    on: Day,
    hours: Hours,
    who: Who,
    until: Until = None,
    days: Annotated[str, WEEKDAYS_AMONG] = "mon-sun",
    why: Annotated[str, typer.Option("--why", help="Why, for whoever looks at the rota.")] = "",
    as_json: AsJson = False,
) -> None:
    """Change the shifts of one day, or of each day until another; `usual` instead of hours removes the change.

    Examples: `ivr rota change Jo 2026-12-24 off`, `ivr rota change Jo 28/12/2026 10:00-12:00 --why training`,
    `ivr rota change Jo 2026-12-28 10:00-12:00 --until 2027-01-08 --days mon-fri`,
    `ivr rota change Jo 2026-12-24 usual`.
    """
    spans, weekdays = None if hours == [USUAL] else spans_of(hours), weekdays_of(days)
    warn_of_odd(spans or ())

    async def set_period(db: AsyncConnection, _: Cipher) -> None:
        await rota_days.set_period(db, name, on, until or on, spans, who, why, weekdays)

    make(set_period, who)
    show_one(name, as_json)


def absent(name: Name, on: Day, who: Who, until: Until = None, as_json: AsJson = False) -> None:
    """Have an adviser away on a day, or from that day until another; they are not rung in their shifts then.

    Examples: `ivr rota absent Jo 2026-12-21 --until 2027-01-04`, `ivr rota absent Jo 24/12/2026`.
    """
    make(lambda db, _: rota_days.add_absence(db, name, on, until or on, who), who)
    show_one(name, as_json)


def present(name: Name, on: Day, who: Who, as_json: AsJson = False) -> None:
    """Take back the absence of an adviser that a day lies in.

    Example: `ivr rota present Jo 2026-12-21`.
    """
    make(lambda db, _: rota_days.end_absence(db, name, on, who), who)
    show_one(name, as_json)


def swap(
    name: Name,
    on: Day,
    other: Other,
    back: Annotated[date, typer.Argument(parser=day, metavar="BACK", help="The day of the other, in return.")],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Swap a day of one adviser for a day of another; refused where an open hour would be left without anybody.

    Example: `ivr rota swap Jo 2026-12-14 Sam 2026-12-16`.
    """
    hours = content_hours()
    make(lambda db, cipher: shift_swap.swap(db, cipher, hours, name, on, other, back, who), who)
    list_(as_json)


def cover(
    name: Name,
    on: Day,
    other: Other,
    who: Who,
    hours: Annotated[list[str] | None, TAKEN] = None,
    as_json: AsJson = False,
) -> None:
    """Have another adviser cover a day of one; refused where an open hour would be left without anybody.

    Examples: `ivr rota cover Jo 2026-12-14 Sam`, `ivr rota cover Jo 2026-12-14 Sam 09:00-11:00`.
    """
    spans, ours = spans_of(hours) if hours else None, content_hours()
    make(lambda db, cipher: shift_swap.cover(db, cipher, ours, name, on, other, who, spans), who)
    list_(as_json)
