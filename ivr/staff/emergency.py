"""The emergency message, as staff set it and take it back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.timezone import today_in_london, whole_day
from ivr.store import emergency_messages
from ivr.store.audit import By

LONGEST = timedelta(days=7)
"""A message that must be said for longer belongs into the prompts."""


@dataclass(frozen=True, slots=True)
class MessageCheck:
    """How long the words of a message take to say, in seconds, and every reason why they may not be told."""

    seconds: float
    reasons: tuple[str, ...]


async def announce(db: AsyncConnection, message: EmergencyMessage, reasons: Iterable[str], by: By) -> EmergencyMessage:
    """Set the message that every caller is told, in the place of whichever was set, and return it.

    Raise InvalidInput with the first of the `reasons` why its words may not be told (`ivr/lint/emergency.py`), if there
    are any, or if it would be over already, or last too long.
    """
    message = replace(message, text=" ".join(message.text.split()))
    if message.until <= by.at:
        raise InvalidInput("It would be over already: give a later time.")
    if message.until > by.at + LONGEST:
        raise InvalidInput(f"It may last for {LONGEST.days} days at most: set it again when they are over.")
    if reason := next(iter(reasons), None):
        raise InvalidInput(f"This message cannot be told: {reason}.")
    await emergency_messages.replace(db, message, by)
    return message


def end_of_day(now: datetime) -> datetime:
    """Return until when a message is told if nobody says."""
    return whole_day(today_in_london(now))[1]
