"""What staff see of what is wrong: since when, who was told of it and when; and muting it for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput
from ivr.staff.lookup import NoSuchItem
from ivr.store import alert_messages, alerts, audit, heartbeat
from ivr.store.alert_messages import Message
from ivr.store.alerts import Alert
from ivr.store.audit import By
from ivr.store.cipher import Cipher

LONGEST_MUTE = timedelta(days=31)
TOLD_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was sent a message: when, by text or e-mail, and whether it came."""

    who: str
    at: datetime
    channel: str
    state: str


@dataclass(frozen=True, slots=True)
class AlertNow:
    """Something that is wrong, or was, and who was told of it, the last first."""

    alert: Alert
    told: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Alerts:
    """What is wrong, and when the helpline was last looked over; never, if no worker has."""

    alerts: Sequence[AlertNow]
    looked_at: datetime | None


async def read(db: AsyncConnection, cipher: Cipher, now: datetime, *, over: bool = False) -> Alerts:
    """Return what is wrong now, or also what was in the last month."""
    found = await (alerts.read(db) if over else alerts.read_open(db))
    messages = await alert_messages.read(db, cipher, now - TOLD_WITHIN) if found else []
    looked_at = await heartbeat.last_heartbeat(db, heartbeat.LOOKOUT)
    return Alerts([AlertNow(one, _told_of(one, messages)) for one in found], looked_at)


async def mute(db: AsyncConnection, name: str, until: datetime, by: By) -> Alert:
    """Have nobody told of an alert until a moment; raise NoSuchItem or InvalidInput."""
    if not by.at < until <= by.at + LONGEST_MUTE:
        raise InvalidInput(f"Mute it until a moment to come, {LONGEST_MUTE.days} days ahead at most.")
    await find(db, name)
    await alerts.mute(db, name, until, by.who)
    await audit.write(db, by, f"alert {name}: muted until {until:%Y-%m-%d %H:%M} UTC")
    return await find(db, name)


async def unmute(db: AsyncConnection, name: str, by: By) -> Alert:
    """Have staff told of an alert again; raise NoSuchItem."""
    await find(db, name)
    await alerts.mute(db, name, None, by.who)
    await audit.write(db, by, f"alert {name}: muted no more")
    return await find(db, name)


async def find(db: AsyncConnection, name: str) -> Alert:
    """Return the alert of a name; raise NoSuchItem."""
    found = await alerts.read(db)
    for one in found:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in found) or "none"
    raise NoSuchItem(f"There is no alert “{name}”; those there are: {names}.")


def _told_of(alert: Alert, messages: Sequence[Message]) -> list[Told]:
    theirs = [one for one in messages if alert.name in one.about and one.made >= alert.began]
    return [Told(one.account.name, one.made, one.channel, one.state) for one in theirs]
