"""`ivr rota`: who is rung, when, and in what order."""

from typing import Annotated

import typer

from ivr.commands import database_completion
from ivr.commands.confirm import Yes, confirm
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson, PhoneNumber, number_of
from ivr.commands.output import show
from ivr.commands.rota_arguments import Days, Hours, Name, spans_of, warn_of_odd, weekdays_of
from ivr.commands.rota_calendar import calendar
from ivr.commands.rota_change import make
from ivr.commands.rota_days import absent, change, cover, present, swap
from ivr.commands.rota_list import list_, log, show_one, who_is_rung
from ivr.commands.rota_shifts import confirm as confirm_shift
from ivr.commands.rota_shifts import reminders
from ivr.commands.rota_trial import test_ring
from ivr.commands.rota_week import week
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.staff import rota as staff
from ivr.store import rota as store

rota = typer.Typer(name="rota", cls=ListGroup)


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
rota.command()(week)
rota.command("reminders")(reminders)
rota.command("confirm")(confirm_shift)
rota.command("test-ring")(test_ring)
rota.command("calendar")(calendar)


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
def number(name: Name, new: PhoneNumber, who: Who, as_json: AsJson = False) -> None:
    """Give an adviser another number; their shifts stay. `ivr rota test-ring` tries it.

    Example: `ivr rota number "Jo Marsh" 07700 900002`.
    """
    wanted, ours = number_of(new), usable_settings().own_numbers
    make(lambda db, cipher: staff.set_number(db, cipher, name, wanted, who, ours), who)
    show_one(name, as_json)


@rota.command()
def remove(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Remove an adviser with number and shifts; the audit log keeps the name for a year.

    Example: `ivr rota remove "Jo Marsh"`.
    """
    make(lambda db, _: store.remove(db, name, who), who)
    list_(as_json)


@rota.command()
def shift(name: Name, days: Days, hours: Hours, who: Who, as_json: AsJson = False) -> None:
    """Set the weekly shifts of an adviser on some weekdays; the other days stay as they are.

    Examples: `ivr rota shift Jo mon-thu 09:00-12:30 13:00-17:00`, `ivr rota shift Jo fri off`.
    """
    weekdays, spans = weekdays_of(days), spans_of(hours)
    warn_of_odd(spans)
    make(lambda db, _: store.set_shifts(db, name, weekdays, spans, who), who)
    show_one(name, as_json)


@rota.command()
def always(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Delete the shifts of an adviser: they are rung at any opening hour, except on changed days.

    Example: `ivr rota always Jo`.
    """
    make(lambda db, _: store.forget_shifts(db, name, who), who)
    show_one(name, as_json)


rota.command()(change)
rota.command()(absent)
rota.command()(present)
rota.command()(swap)
rota.command()(cover)


@rota.command()
def away(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Mark an adviser as away: they are not rung, whatever their shifts.

    Example: `ivr rota away Jo`.
    """
    make(lambda db, _: store.set_away(db, name, True, who), who)
    show_one(name, as_json)


@rota.command()
def back(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Mark an adviser as back.

    Example: `ivr rota back Jo`.
    """
    make(lambda db, _: store.set_away(db, name, False, who), who)
    show_one(name, as_json)


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
