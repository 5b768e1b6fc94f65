"""`ivr rota`: who is rung, when, and in what order."""

from datetime import datetime
from typing import Annotated

import typer

from ivr.commands.arguments import DAY, AsJson, number_of, spans_of, weekdays_of
from ivr.commands.rota_queries import log, show, show_one, who
from ivr.commands.transaction import Who, by, in_transaction
from ivr.store import rota as store

rota = typer.Typer(name="rota")

Name = Annotated[str, typer.Argument(help="As on the rota.")]
Number = Annotated[str, typer.Argument(parser=number_of, metavar="NUMBER", help="Such as “07700 900001”.")]
Hours = Annotated[
    list[str], typer.Argument(help="09:00-13:00, several of them, or off; 22:00-06:00 ends the day after.")
]
Day = Annotated[datetime, typer.Argument(formats=[DAY], help="Such as 2026-12-24.")]


@rota.callback(invoke_without_command=True)
def rota_or(context: typer.Context, as_json: AsJson = False) -> None:
    """Show and change who is rung, when, and in what order; without a command, show it.

    The setting IVR_ADVISERS applies only while the rota is empty. Times are local times in London. Changes apply
    within seconds, and are recorded in an audit log (`ivr rota log`).

    Examples:

        ivr rota

        ivr rota add "Jo Marsh" "07700 900001"

        ivr rota shift "Jo Marsh" mon-fri 09:00-12:30 13:00-17:00
    """
    if context.invoked_subcommand is None:
        show(as_json)


rota.command("list")(show)
rota.command("who")(who)
rota.command("log")(log)


@rota.command()
def add(name: Annotated[str, typer.Argument(help="The name of the adviser.")], number: Number, who: Who = None) -> None:
    """Add an adviser at the end of the rota; without shifts, they are rung at any opening hour.

    Example: `ivr rota add "Jo Marsh" "07700 900001" --by Sam`.
    """
    name = " ".join(name.split())
    if not name:
        raise typer.BadParameter("Somebody needs a name.")
    in_transaction(lambda db, cipher: store.add(db, cipher, name, number, by(who)))
    show_one(name)


@rota.command()
def remove(name: Name, who: Who = None) -> None:
    """Remove an adviser with number and shifts; the audit log keeps the name for a year.

    Example: `ivr rota remove "Jo Marsh"`.
    """
    in_transaction(lambda db, _: store.remove(db, name, by(who)))
    show(as_json=False)


@rota.command()
def shift(
    name: Name,
    days: Annotated[str, typer.Argument(metavar="DAYS", help="mon, mon-fri or sat,sun.")],
    hours: Hours,
    who: Who = None,
) -> None:
    """Set the weekly shifts of an adviser on some weekdays; the other days stay as they are.

    Examples: `ivr rota shift Jo mon-thu 09:00-12:30 13:00-17:00`, `ivr rota shift Jo fri off`.
    """
    weekdays, spans = weekdays_of(days), spans_of(hours)
    in_transaction(lambda db, _: store.set_shifts(db, name, weekdays, spans, by(who)))
    show_one(name)


@rota.command()
def always(name: Name, who: Who = None) -> None:
    """Delete the shifts of an adviser: they are rung at any opening hour, except on changed days.

    Example: `ivr rota always Jo`.
    """
    in_transaction(lambda db, _: store.forget_shifts(db, name, by(who)))
    show_one(name)


@rota.command()
def change(name: Name, day: Day, hours: Hours, who: Who = None) -> None:
    """Change the shifts of one day; `usual` instead of hours removes the change.

    Examples: `ivr rota change Jo 2026-12-24 off`, `ivr rota change Jo 2026-12-28 10:00-12:00`,
    `ivr rota change Jo 2026-12-24 usual`.
    """
    spans = None if hours == ["usual"] else spans_of(hours)
    in_transaction(lambda db, _: store.set_day(db, name, day.date(), spans, by(who)))
    show_one(name)


@rota.command()
def away(name: Name, who: Who = None) -> None:
    """Mark an adviser as away: they are not rung, whatever their shifts.

    Example: `ivr rota away Jo`.
    """
    in_transaction(lambda db, _: store.set_away(db, name, True, by(who)))
    show_one(name)


@rota.command()
def back(name: Name, who: Who = None) -> None:
    """Mark an adviser as back.

    Example: `ivr rota back Jo`.
    """
    in_transaction(lambda db, _: store.set_away(db, name, False, by(who)))
    show_one(name)


@rota.command()
def first(names: Annotated[list[str], typer.Argument(help="One or more, in order.")], who: Who = None) -> None:
    """Move advisers to the front of the rota, in this order.

    Example: `ivr rota first Jo Sam`.
    """
    in_transaction(lambda db, _: store.put_first(db, names, by(who)))
    show(as_json=False)
