"""The emergency message that staff have set: one at a time."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.timezone import LONDON
from ivr.store import audit
from ivr.store.advisory_lock import advisory_lock
from ivr.store.audit import By
from ivr.store.tables import emergency_messages


async def read(db: AsyncConnection, now: datetime) -> EmergencyMessage | None:
    """Return the message, unless it is over."""
    row = (await db.execute(select(emergency_messages).where(emergency_messages.c.until > now))).first()
    return EmergencyMessage(row.text, row.until) if row else None


async def replace(db: AsyncConnection, message: EmergencyMessage, by: By) -> None:
    """Set a message in the place of whichever was set."""
    await advisory_lock(db, "emergency")
    await db.execute(delete(emergency_messages))
    await db.execute(insert(emergency_messages).values(until=message.until, text=message.text))
    await audit.write(
        db, by, f"emergency message until {message.until.astimezone(LONDON):%d %b %Y %H:%M}: {message.text}"
    )


async def clear(db: AsyncConnection, by: By) -> None:
    """Delete the message, if one is set."""
    if (await db.execute(delete(emergency_messages))).rowcount:
        await audit.write(db, by, "took back: the emergency message")
