"""The emergency message: what every caller is told at the beginning of a call, for a while."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.console.hours import HOURS, of_section
from ivr.console.hours_form import day_in, time_or_none
from ivr.console.page import Page, sent
from ivr.console.planned import FormRefused, Planned, planned
from ivr.console.templates import dated_end
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.timezone import local_time, whole_day
from ivr.staff import emergency as staff
from ivr.staff.accounts import Role
from ivr.staff.emergency import MessageCheck
from ivr.staff.trial import Trial
from ivr.store import emergency_messages
from ivr.store.cipher import Cipher

EMERGENCY = f"{HOURS}/emergency"


async def announce(visit: Visit) -> Planned[EmergencyMessage]:
    """Plan a message; the linter, which takes seconds, says whether its words may be told."""
    message = EmergencyMessage(visit.form.get("text", ""), _until(visit.form))
    checked = await _check(visit, message.text)
    if checked.reasons:
        raise FormRefused({"text": f"This message cannot be told: {'; '.join(checked.reasons)}."})

    async def change(db: AsyncConnection, cipher: Cipher) -> EmergencyMessage:
        return await staff.announce(db, message, (), visit.by)

    def does(trial: Trial[EmergencyMessage]) -> Sequence[str]:
        until = dated_end(trial.done.until)
        return [f"Every caller hears it after the greeting, until {until}, in the place of whichever was set."]

    long = f"It is {len(message.text.split())} words long, and takes {checked.seconds:.1f} seconds."
    return Planned("The message, before it is told", change, lambda _: visit.now, does, "emergency_set", [long])


async def clear(visit: Visit) -> Planned[None]:
    """Plan to take the message back."""

    async def change(db: AsyncConnection, cipher: Cipher) -> None:
        await emergency_messages.clear(db, visit.by)

    does = ["Callers hear the ordinary greeting again."]
    title = "The message, before it is taken back"
    return Planned(title, change, lambda _: visit.now, lambda _: does, "emergency_cleared")


async def _check(visit: Visit, text: str) -> MessageCheck:
    if visit.services.check_message is None:
        raise InvalidInput("A message cannot be checked here: `ivr emergency set` checks and sets it.")
    return await visit.services.check_message(text)


def _until(form: Mapping[str, str]) -> datetime:
    """Return until when it is told: the end of a day, where no time is given."""
    day, at = day_in(form, "until_day", "until which day it is told"), time_or_none(form, "until_time")
    return local_time(day, at) if at else whole_day(day)[1]


PAGES: tuple[Page, ...] = (
    sent(EMERGENCY, Role.manager, planned(announce, of_section("emergency"), HOURS)),
    sent(f"{EMERGENCY}/clear", Role.manager, planned(clear, of_section(""), HOURS)),
)
