"""Do the texts that were promised go out?"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.doctor.registry import Finding, Subject, check, error, warning
from ivr.helpline.timezone import LONDON
from ivr.store.quotas import IS_COUNTED
from ivr.store.sms_outbox import OF_CALLERS
from ivr.store.sms_states import SmsState
from ivr.store.tables import sms_outbox

OVERDUE = timedelta(minutes=15)
LATELY = timedelta(days=1)
NOT_SENT = "see the log of `ivr worker` (all texts wait), `ivr doctor provider`, and the balance at the provider"


@check
async def texts(subject: Subject) -> AsyncIterator[Finding]:
    """Texts go out when they are due, and none to a caller failed in the last day."""
    async with subject.store.read() as db:
        oldest, failed = await _oldest(db, subject.now), await _failed(db, subject.now)
    if oldest and subject.now - oldest > OVERDUE and subject.settings.can_text:
        yield error(f"texts are not going out: one was due on {oldest.astimezone(LONDON):%a %d %b at %H:%M}", NOT_SENT)
    if failed:
        says = "1 text to a caller could not be sent" if failed == 1 else f"{failed} texts to callers could not be sent"
        yield warning(says, "`ivr texts` lists them with the reason, `ivr texts retry ID` sends one again", failed)


async def _oldest(db: AsyncConnection, now: datetime) -> datetime | None:
    """Return when the oldest text was due that has not gone out."""
    is_due = (sms_outbox.c.state == SmsState.waiting) & (sms_outbox.c.due <= now) & OF_CALLERS
    found: datetime | None = await db.scalar(select(func.min(sms_outbox.c.due)).where(is_due))
    return found


async def _failed(db: AsyncConnection, now: datetime) -> int:
    lately = (sms_outbox.c.state == SmsState.failed) & (sms_outbox.c.changed > now - LATELY)
    return await db.scalar(select(func.count()).select_from(sms_outbox).where(lately, IS_COUNTED)) or 0
