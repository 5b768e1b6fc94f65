"""`ivr rota`: who is rung, when, and in what order."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import completion, database_completion
from ivr.commands.confirm import Yes, confirm
from ivr.commands.list_group import ListGroup
from ivr.commands.options import DAYS, AsJson, PhoneNumber, day, number_of
from ivr.commands.output import show, tell
from ivr.commands.rota_list import list_, log, show_one, who_is_rung
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.errors import InvalidInput
from ivr.helpline.hours_format import WEEKDAYS, parse_spans, parse_weekdays
from ivr.helpline.odd_hours import odd_hours
from ivr.helpline.opening_hours import Span
from ivr.staff import rota as staff
from ivr.store import rota as store
from ivr.store.cipher import Cipher

OFF, USUAL = "off", "usual"

rota = typer.Typer(name="rota", cls=ListGroup)


def weekdays_of(days: str) -> tuple[int, ...]:
    """Parse weekdays; raises InvalidInput."""
    try:
        return parse_weekdays(days)
    except ValueError as error:
        raise InvalidInput(str(error)) from None


def spans_of(hours: list[str]) -> tuple[Span, ...]:
    """Parse the hours of one day, or `off`; raises InvalidInput."""
    try:
        return () if hours == [OFF] else parse_spans(hours)
    except ValueError as error:
        raise InvalidInput(f"{error}. Or write off.") from None


Name = Annotated[str, typer.Argument(help="As on the rota.", autocompletion=database_completion.advisers)]
Hours = Annotated[
    list[str],
    typer.Argument(
        help="09:00-13:00, several of them, or off; 22:00-06:00 ends the day after.",
        autocompletion=completion.of(OFF),
    ),
]
Days = Annotated[
    str,
    typer.Argument(metavar="DAYS", help="mon, mon-fri or sat,sun.", autocompletion=completion.of(*WEEKDAYS)),
]


@rota.callback()
def group() -> None:
    """Show and change who is rung, when, and in what order; without a command, show it.

    The setting IVR_ADVISERS applies only while the rota is empty. Times are local times in London. Changes apply
    within seconds, and are recorded in an audit log (`ivr rota log`).

    Examples:

        ivr rota

        ivr rota add "Jo Marsh" 07700 900001

        ivr rota shift "Jo Marsh" mon-fri 09:00-12:30 13:00-17:00
    """


rota.command("list")(list_)
rota.command("who")(who_is_rung)
rota.command("log")(log)


@rota.command()
def add(
    name: Annotated[str, typer.Argument(help="The name of the adviser.")],
    number: PhoneNumber,
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Add an adviser at the end of the rota; without shifts, they are rung at any opening hour.

    Example: `ivr rota add "Jo Marsh" 07700 900001 --by Sam`.
    """
    wanted, ours = number_of(number), usable_settings().own_numbers
    show_one(in_transaction(lambda db, cipher: staff.add(db, cipher, name, wanted, who, ours)).name, as_json)


@rota.command()
def remove(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Remove an adviser with number and shifts; the audit log keeps the name for a year.

    Example: `ivr rota remove "Jo Marsh"`.
    """
    in_transaction(lambda db, _: store.remove(db, name, who))
    list_(as_json)


@rota.command()
def shift(name: Name, days: Days, hours: Hours, who: Who, as_json: AsJson = False) -> None:
    """Set the weekly shifts of an adviser on some weekdays; the other days stay as they are.

    Examples: `ivr rota shift Jo mon-thu 09:00-12:30 13:00-17:00`, `ivr rota shift Jo fri off`.
    """
    weekdays, spans = weekdays_of(days), spans_of(hours)
    _warn(spans)
    _change(name, lambda db: store.set_shifts(db, name, weekdays, spans, who), as_json)


@rota.command()
def always(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Delete the shifts of an adviser: they are rung at any opening hour, except on changed days.

    Example: `ivr rota always Jo`.
    """
    _change(name, lambda db: store.forget_shifts(db, name, who), as_json)


@rota.command()
def change(
    name: Name,
    on: Annotated[date, typer.Argument(parser=day, metavar="DAY", help=f"{DAYS}.")],
    hours: Hours,
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Change the shifts of one day; `usual` instead of hours removes the change.

    Examples: `ivr rota change Jo 2026-12-24 off`, `ivr rota change Jo 28/12/2026 10:00-12:00`,
    `ivr rota change Jo 2026-12-24 usual`.
    """
    spans = None if hours == [USUAL] else spans_of(hours)
    _warn(spans or ())
    _change(name, lambda db: store.set_day(db, name, on, spans, who), as_json)


@rota.command()
def away(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Mark an adviser as away: they are not rung, whatever their shifts.

    Example: `ivr rota away Jo`.
    """
    _change(name, lambda db: store.set_away(db, name, True, who), as_json)


@rota.command()
def back(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Mark an adviser as back.

    Example: `ivr rota back Jo`.
    """
    _change(name, lambda db: store.set_away(db, name, False, who), as_json)


@rota.command()
def first(
    names: Annotated[
        list[str], typer.Argument(help="One or more, in order.", autocompletion=database_completion.advisers)
    ],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Move advisers to the front of the rota, in this order.

    Example: `ivr rota first Jo Sam`.
    """
    in_transaction(lambda db, _: store.put_first(db, names, who))
    list_(as_json)


@rota.command()
def free(
    name: Annotated[
        str,
        typer.Argument(help="As on the rota, or a number.", autocompletion=database_completion.advisers),
    ],
    who: Who,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Free an adviser who is shown as engaged and is not: they are rung again.

    It cuts nobody off. By itself this happens a minute or two after their call has ended, as soon as Twilio can be
    asked.

    Example: `ivr rota free Jo`.
    """
    confirm(f"Is {name} on no call with a caller, so that they can be rung?", yes=yes)
    freed, calls = in_transaction(lambda db, cipher: staff.free(db, cipher, name, who))
    line = f"{freed} can be rung." if calls else f"{freed} was on no call with us."
    show({"name": freed, "calls": calls}, [line], as_json=as_json)


def _warn(spans: tuple[Span, ...]) -> None:
    """Tell of hours that were probably meant otherwise; they are set all the same."""
    for line in odd_hours(spans):
        tell(f"Warning: {line}", err=True)


def _change(name: str, change: Callable[[AsyncConnection], Awaitable[None]], as_json: bool) -> None:
    """Make a change and show the adviser as they are then."""

    async def changed(db: AsyncConnection, _: Cipher) -> None:
        await change(db)

    in_transaction(changed)
    show_one(name, as_json)
