"""`ivr hours`: when we are open, week by week, and until when somebody has confirmed it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import completion, database_completion
from ivr.commands.heard import Preview, listener, show_previews, show_trial
from ivr.commands.hours_list import fields, lines, week_fields, week_lines
from ivr.commands.list_group import ShowGroup
from ivr.commands.options import DAYS, AsJson, At, Folder, day
from ivr.commands.output import show as show_data
from ivr.commands.output import tell
from ivr.commands.rota_change import warn_of
from ivr.commands.transaction import Who, in_transaction, with_store
from ivr.config import current_time
from ivr.errors import InvalidInput
from ivr.helpline.hours_format import WEEKDAYS, parse_weekdays
from ivr.helpline.opening_hours import Span
from ivr.helpline.staff_hours import StaffHours
from ivr.helpline.timezone import today_in_london, whole_day
from ivr.staff import hours as staff
from ivr.staff.trial import hear_at, make
from ivr.staff.typed_hours import NOBODY_THERE, parse_typed_hours
from ivr.store.cipher import Cipher

hours = typer.Typer(name="hours", cls=ShowGroup)

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="DAYS HOURS …",
        help="mon-fri 09:00-12:30 13:00-17:00 sat off; 22:00-06:00 ends the day after. Other days stay as they are.",
        autocompletion=completion.of(*WEEKDAYS),
    ),
]
FROM = typer.Option("--from", parser=day, metavar="DAY", show_default="today", help=f"The first day: {DAYS}.")
GOOD_UNTIL = typer.Option(
    "--good-until",
    parser=day,
    metavar="DAY",
    show_default="6 months on",
    help=f"To be confirmed again by then: {DAYS}; a year ahead at most.",
)
BANK_HOLIDAYS = typer.Option(
    "--bank-holidays/--no-bank-holidays", show_default="as it is", help="Whether we are open on bank holidays too."
)
KnownDay = Annotated[
    date,
    typer.Argument(
        parser=day, metavar="DAY", help="The day on which they start.", autocompletion=database_completion.hours_days
    ),
]


@hours.callback()
def group() -> None:
    """Show and change our weekly hours, and confirm them; without a command, show them.

    What staff set takes the place of flows/hours.yaml from its day on. Callers are told the hours until the day by
    which somebody must confirm them again. Times are local times in London.

    Examples:

        ivr hours

        ivr hours set mon-thu 09:00-17:00 fri 09:00-13:00 --from 2027-01-04 --preview

        ivr hours confirm --by Sam
    """


@hours.command("show")
def show(folder: Folder, as_json: AsJson = False) -> None:
    """Show the hours of today and those to come, who confirmed them, and until when they are good.

    Examples: `ivr hours`, `ivr hours show --json`.
    """
    from ivr.loader import load

    of_file, today = load(folder).ours, today_in_london(current_time())
    found = in_transaction(lambda db, _: staff.read(db, of_file, today))
    show_data(fields(found), lines(found), as_json=as_json, nothing="We are always open: no hours are set.")


@hours.command("set")
def set_(
    words: Words,
    folder: Folder,
    who: Who,
    starts: Annotated[date | None, FROM] = None,
    good_until: Annotated[date | None, GOOD_UNTIL] = None,
    on_bank_holidays: Annotated[bool | None, BANK_HOLIDAYS] = None,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Set the hours of some weekdays, from a day on; the other days stay as they are.

    Whoever sets hours confirms them.

    Examples: `ivr hours set mon-fri 09:00-17:00`, `ivr hours set tue 09:00-19:00 --from 2027-01-04 --by Sam`,
    `ivr hours set sat off --preview`.
    """
    from ivr.loader import load

    days, of_file = days_of(words), load(folder).ours
    first = starts or today_in_london(who.at)

    async def change(db: AsyncConnection, _: Cipher) -> StaffHours:
        weekly, is_open = await staff.week_with(db, of_file, first, days)
        wanted = is_open if on_bank_holidays is None else on_bank_holidays
        return await staff.set_week(db, first, weekly, good_until, who, on_bank_holidays=wanted)

    _make(change, folder, who.at, preview=preview, as_json=as_json)


@hours.command()
def confirm(
    folder: Folder,
    who: Who,
    good_until: Annotated[date | None, GOOD_UNTIL] = None,
    as_json: AsJson = False,
) -> None:
    """Confirm the hours of today: callers are told them until a later day.

    Examples: `ivr hours confirm`, `ivr hours confirm --good-until 2027-11-30 --by Sam`.
    """
    from ivr.loader import load

    of_file = load(folder).ours
    _make(lambda db, _: staff.confirm(db, of_file, good_until, who), folder, who.at, preview=False, as_json=as_json)


@hours.command()
def remove(starts: KnownDay, folder: Folder, who: Who, preview: Preview = False, as_json: AsJson = False) -> None:
    """Remove hours, those of today or later ones: the hours before them count on.

    Examples: `ivr hours remove 2027-01-04 --preview`, `ivr hours remove 2027-01-04 --by Sam`.
    """
    if preview:
        return _try(lambda db, _: staff.remove(db, starts, who), folder, who.at, as_json)
    in_transaction(lambda db, _: staff.remove(db, starts, who))
    return show(folder, as_json)


@hours.command()
def heard(at: At, folder: Folder, as_json: AsJson = False) -> None:
    """Show what a caller would hear at a moment: at first, and who is rung when they press 0.

    Examples: `ivr hours heard`, `ivr hours heard --at "25/12/2026 10:00" --json`.
    """
    hears = listener(folder)
    show_previews([with_store(lambda store: hear_at(store, hears, at))], as_json)


def days_of(words: list[str]) -> Mapping[int, tuple[Span, ...]]:
    """Return the hours of each weekday that is named: `mon-fri 09:00-17:00 sat off`; raise InvalidInput."""
    found: dict[str, list[str]] = {}
    for word in words:
        if word[:1].isalpha() and word.lower() not in NOBODY_THERE:
            found[word] = []
        elif not found:
            raise InvalidInput(f"“{word}” has no day: write the days first, such as mon-fri 09:00-17:00.")
        else:
            found[next(reversed(found))].append(word)
    try:
        return {weekday: _hours_of(days, them) for days, them in found.items() for weekday in parse_weekdays(days)}
    except ValueError as error:
        raise InvalidInput(str(error)) from None


def _hours_of(days: str, written: list[str]) -> tuple[Span, ...]:
    if not written:
        raise InvalidInput(f"{days} has no hours: write such as 09:00-17:00, or off.")
    return parse_typed_hours(" ".join(written))


Change = Callable[[AsyncConnection, Cipher], Awaitable[StaffHours]]


def _make(change: Change, folder: Path, now: datetime, *, preview: bool, as_json: bool) -> None:
    if preview:
        return _try(change, folder, now, as_json)
    hears, trial = listener(folder), in_transaction(lambda db, cipher: make(db, cipher, change, now))
    made = trial.done
    for line in staff.oddities(made.ours.weekly):
        tell(f"Warning: {line}", err=True)
    warn_of(hears.new_gaps(trial, max(whole_day(made.starts)[0], now)))
    return show_data(week_fields(made.ours, made.starts), week_lines(made.ours, made.starts), as_json=as_json)


def _try(change: Change, folder: Path, now: datetime, as_json: bool) -> None:
    show_trial(change, lambda made: whole_day(made.starts)[0], folder, now, as_json)
