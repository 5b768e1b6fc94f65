"""`ivr holidays`: bank holidays that staff add to the published ones."""

from datetime import date
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.heard import Preview, show_trial
from ivr.commands.list_group import ListGroup
from ivr.commands.options import DAYS, AsJson, Folder, day
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.engine.environment import OneOffHoliday
from ivr.helpline.timezone import whole_day
from ivr.staff import holidays as staff
from ivr.store import one_off_holidays as store
from ivr.store.cipher import Cipher

holidays = typer.Typer(name="holidays", cls=ListGroup)

NewDay = Annotated[date, typer.Argument(parser=day, metavar="DAY", help=f"{DAYS}.")]
KnownDay = Annotated[
    date,
    typer.Argument(parser=day, metavar="DAY", help="As listed.", autocompletion=database_completion.holiday_days),
]
Name = Annotated[str, typer.Argument(help="What it is for, such as “the coronation”; callers do not hear it.")]
Confirmed = Annotated[bool, typer.Option("--confirmed", help="It is certain that it will be one.")]


@holidays.callback()
def group() -> None:
    """Show and change one-off bank holidays, such as for a coronation; without a command, show them.

    From the moment one is added we are closed on it as on others, and the days by which callers must act come forward.
    The Tribunal's own last day goes back only once it is confirmed.

    Examples:

        ivr holidays

        ivr holidays add 2027-05-10 "the coronation"

        ivr holidays confirm 2027-05-10
    """


@holidays.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show the bank holidays that were added, in the order of their days.

    Examples: `ivr holidays`, `ivr holidays list --json`.
    """
    added = in_transaction(lambda db, _: store.read(db))
    nothing = "No bank holiday was added: the published ones count."
    show(list(map(_fields, added)), map(_line, added), as_json=as_json, nothing=nothing)


@holidays.command()
def add(
    day: NewDay,
    name: Name,
    folder: Folder,
    who: Who,
    confirmed: Confirmed = False,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Add a bank holiday. Reminders that name that day come forward to the last working day before it.

    Examples: `ivr holidays add 2027-05-10 "the coronation"`,
    `ivr holidays add 10/05/2027 "the coronation" --confirmed --by Sam`.
    """
    from ivr.loader import load

    languages, holiday = load(folder).flows.languages, OneOffHoliday(day, name, confirmed)

    async def change(db: AsyncConnection, cipher: Cipher) -> tuple[OneOffHoliday, int]:
        return await staff.add(db, cipher, holiday, languages, who)

    if preview:
        return show_trial(change, lambda _: whole_day(day)[0], folder, who.at, as_json)
    added, moved = in_transaction(change)
    names = "1 reminder now names" if moved == 1 else f"{moved} reminders now name"
    lines = [_line(added), *([f"{names} an earlier day"] if moved else [])]
    return show(_fields(added) | {"reminders_moved": moved}, lines, as_json=as_json)


@holidays.command()
def confirm(day: KnownDay, who: Who, as_json: AsJson = False) -> None:
    """Confirm a bank holiday: the Tribunal's last day then goes back as for any other.

    Example: `ivr holidays confirm 2027-05-10`.
    """
    confirmed = in_transaction(lambda db, _: staff.confirm(db, day, who))
    show(_fields(confirmed), [_line(confirmed)], as_json=as_json)


@holidays.command()
def remove(day: KnownDay, who: Who, as_json: AsJson = False) -> None:
    """Remove a bank holiday. Reminders that came forward stay as they are.

    Example: `ivr holidays remove 2027-05-10`.
    """
    in_transaction(lambda db, _: staff.remove(db, day, who))
    list_(as_json)


def _line(holiday: OneOffHoliday) -> str:
    return f"{holiday.day:%a %d %b %Y}  {holiday.name}  {'' if holiday.is_confirmed else 'not '}confirmed"


def _fields(holiday: OneOffHoliday) -> dict[str, object]:
    return {"day": holiday.day, "name": holiday.name, "confirmed": holiday.is_confirmed}
