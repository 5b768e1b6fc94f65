"""Texts that staff send to a caller: to mobiles that may be texted, in three segments at most, within the quotas."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import EffectStatus, SendText
from ivr.errors import InvalidInput, IvrError
from ivr.helpline.gsm7 import Encoding, encoding, segments, smart, strangers
from ivr.helpline.phone_numbers import can_text
from ivr.helpline.text_destinations import TextDestinations
from ivr.store import sms_list, staff_texts
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.quotas import Quotas
from ivr.store.sms_list import ListedText

MOST_SEGMENTS = 3


class CannotText(IvrError):
    """The caller cannot, or must not, be sent a text."""


@dataclass(frozen=True)
class Texting:
    """What an operator allows of texts: to whom, and how many."""

    destinations: TextDestinations
    quotas: Quotas


def checked(words: str) -> str:
    """Return words of staff as they are sent; raise InvalidInput if there are none, or too many.

    >>> checked(" We'll ring you… ")
    "We'll ring you..."
    """
    body = as_sent(words)
    if not body:
        raise InvalidInput("The text is empty: write something first.")
    if (parts := segments(body)) > MOST_SEGMENTS:
        raise InvalidInput(f"This would be {parts} texts long, and may be {MOST_SEGMENTS}: shorten it.{_why(body)}")
    return body


def as_sent(words: str) -> str:
    """Return words as they are sent, in the small alphabet of telephones as far as it goes."""
    return smart(words.strip().replace("\r\n", "\n"))


def _why(body: str) -> str:
    """Return which characters halve the room, if any do."""
    if encoding(body) is Encoding.gsm7:
        return ""
    named = " ".join(sorted(strangers(body))[:5])
    return f" Without {named} more than twice as much would fit."


def check_number(number: str | None, destinations: TextDestinations) -> str:
    """Return the number if it may be sent a text; raise CannotText if it is withheld, no mobile, or too dear."""
    if number is None:
        raise CannotText("Their number was withheld or cannot be read, so no text can be sent.")
    if not can_text(number):
        raise CannotText("Their number is no UK mobile, so no text can be sent.")
    if not destinations.include(number):
        raise CannotText("Texts to their number are not sent from here (IVR_SMS_FROM, IVR_TEXT_PREFIXES).")
    return number


async def send(db: AsyncConnection, cipher: Cipher, key: str, text: SendText, by: By, quotas: Quotas) -> str:
    """Commit a text to the outbox and return its id there; the same key again sends nothing more. Raises CannotText."""
    result = await staff_texts.enqueue(db, cipher, key, text, by.who, by.at, quotas)
    match result.status:
        case EffectStatus.stopped:
            raise CannotText("They said STOP, so no text can be sent until they text START.")
        case EffectStatus.capped:
            raise CannotText("That number, or all together, have been sent as many texts as are allowed for now.")
    return result.value


async def state_of(db: AsyncConnection, cipher: Cipher, id: str | None) -> ListedText | None:
    """Return how a text stands; None if there is none, or it is kept no more (a week after its last news)."""
    found = await sms_list.find(db, cipher, id) if id else []
    return found[0] if found else None
