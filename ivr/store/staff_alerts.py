"""Alerts: texts to staff, such as to the adviser on shift that something waits for them.

Nothing of the caller is in it: not who, not what about. They count against no quota.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.gsm7 import smart
from ivr.helpline.phone_numbers import NumberKind, kind_of
from ivr.helpline.quiet_hours import next_texting_hour
from ivr.helpline.rota import Adviser, next_on_shift
from ivr.store import opt_outs, rota, sms_outbox
from ivr.store.cipher import Cipher
from ivr.store.idempotency import run_once
from ivr.store.quotas import ALERT

OF_USE = timedelta(days=1)
"""How long an alert is of use: then it is another's shift, and the list has it."""
TOLD, NOBODY = "told", "nobody"


@dataclass(frozen=True, slots=True)
class StaffAlerts:
    """`advisers` are those of the operator's setting, for when the rota is empty; `message` returns a text's words."""

    advisers: tuple[Adviser, ...]
    message: Callable[[], str]

    async def alert_voicemail(self, db: AsyncConnection, cipher: Cipher, id: str, now: datetime) -> bool:
        """Alert of one voicemail, once; return whether there was anybody to alert."""
        advisers = await rota.read_or_else(db, cipher, self.advisers)
        return await enqueue_alert(db, cipher, advisers, self.message(), now, f"message {id}")


async def enqueue_alert(
    db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], body: str, now: datetime, key: str
) -> bool:
    """Add a text to the adviser on shift, or to the one whose shift is next, to the outbox.

    It goes out at once if they are on shift (whoever has no shifts is not woken at night), else when the shift begins.
    Only mobiles are texted, and not those that opted out. The same key again adds nothing. Return whether one is.
    """

    async def decide() -> str:
        able = [adviser for adviser in advisers if await can_be_texted(db, cipher, adviser.number)]
        found = next_on_shift(able, now)
        if found is None:
            return NOBODY
        adviser, begins = found
        due = next_texting_hour(now) if adviser.week is None else max(begins, now)
        await enqueue_staff_text(db, cipher, adviser.number, body, due, due + OF_USE, now)
        return TOLD

    return await run_once(db, cipher, f"alert {key}", now, decide) == TOLD


async def enqueue_staff_text(
    db: AsyncConnection, cipher: Cipher, number: str, body: str, due: datetime, good_until: datetime, now: datetime
) -> str:
    """Add a text to somebody of ours to the outbox, of use until a moment; return its id."""
    encrypted = cipher.encrypt_number(number) | {"body": cipher.encrypt(smart(body))}
    times = {"due": due, "promised": now, "good_until": good_until}
    await sms_outbox.add(db, id := str(uuid4()), encrypted, ALERT, **times, now=now, sent_by=None)
    return id


async def can_be_texted(db: AsyncConnection, cipher: Cipher, number: str) -> bool:
    """Return whether a number (E.164) is a mobile, and did not opt out."""
    is_mobile = kind_of(number) is NumberKind.mobile
    return is_mobile and not await opt_outs.is_opted_out(db, *cipher.blind_indexes(number))
