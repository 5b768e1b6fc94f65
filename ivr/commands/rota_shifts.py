"""`ivr rota reminders` and `confirm`: whether advisers will be there for their next shifts."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.options import DAYS, AsJson, Folder, day
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.helpline.shift_answers import ShiftAnswer
from ivr.helpline.shift_words import ShiftWords
from ivr.helpline.timezone import LONDON
from ivr.staff import shift_reminders as staff
from ivr.store.cipher import Cipher
from ivr.store.shift_replies import OpenShift

SAID = {ShiftAnswer.coming: "will be there", ShiftAnswer.not_coming: "CANNOT COME"}


def reminders(folder: Folder, as_json: AsJson = False) -> None:
    """Show the shifts of the next seven days, whether their advisers were reminded, and what they answered.

    The worker texts each adviser so many hours before a shift as IVR_REMIND_OF_SHIFTS says.

    Examples: `ivr rota reminders`, `ivr rota reminders --json`.
    """
    from ivr.loader import load

    now, hours = current_time(), load(folder).hours
    found = in_transaction(lambda db, cipher: staff.read(db, cipher, hours, now))
    nothing = "Nobody has a shift of their own in the next seven days."
    show([_fields(one) for one in found], map(_line, found), as_json=as_json, nothing=nothing)


def confirm(
    name: Annotated[str, typer.Argument(help="As on the rota.", autocompletion=database_completion.advisers)],
    who: Who,
    folder: Folder,
    on: Annotated[
        date | None, typer.Option("--day", parser=day, metavar="DAY", help=f"The day of the shift: {DAYS}.")
    ] = None,
    cannot: Annotated[bool, typer.Option("--cannot", help="They cannot come: managers are texted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say whether an adviser will be there for their next shift, or for that of a day.

    Examples: `ivr rota confirm "Jo Marsh"`, `ivr rota confirm Jo --day 24/12/2026 --cannot --by Sam`.
    """
    from ivr.loader import load

    helpline, settings = load(folder), usable_settings()
    words = ShiftWords(helpline.flows.words) if settings.can_text else None
    answer = ShiftAnswer.not_coming if cannot else ShiftAnswer.coming

    async def say(db: AsyncConnection, cipher: Cipher) -> OpenShift:
        one = await staff.find(db, cipher, helpline.hours, name, on, who.at)
        await staff.answer(db, cipher, words, one, answer, who)
        return await staff.find_at(db, cipher, helpline.hours, one.adviser.id, one.shift[0], who.at)

    found = in_transaction(say)
    show(_fields(found), [_line(found)], as_json=as_json)


def _line(one: OpenShift) -> str:
    return "  ".join((_when(one), one.adviser.name, " ".join(_state(one))))


def _when(one: OpenShift) -> str:
    begins, ends = (moment.astimezone(LONDON) for moment in one.shift)
    return f"{begins:%a %d %b %Y %H:%M}-{ends:%H:%M}"


def _state(one: OpenShift) -> Iterator[str]:
    reminder = one.reminder
    if reminder and reminder.answer:
        yield SAID[reminder.answer]
    elif reminder is None:
        yield "not reminded yet"
    elif reminder.text is None:
        yield "cannot be texted: not confirmed"
    else:
        yield f"reminded {reminder.reminded.astimezone(LONDON):%a %H:%M}: not confirmed"


def _fields(one: OpenShift) -> dict[str, Any]:
    reminder = one.reminder
    return {
        "name": one.adviser.name,
        "begins": one.shift[0],
        "ends": one.shift[1],
        "reminded": reminder.reminded if reminder and reminder.text else None,
        "answer": one.answer,
        "answered": reminder.answered if reminder else None,
    }
