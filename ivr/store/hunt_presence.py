"""Whether the caller of a hunt is still there: whoever waits is heard of every ten seconds or so."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.hunt import HuntState
from ivr.store import legs
from ivr.store.clock_skew import AHEAD
from ivr.store.tables import hunts

HEARD_EVERY = timedelta(seconds=5)
"""A caller who is heard of oftener is not written down each time."""
UNHEARD_AFTER = timedelta(seconds=30)
"""Whoever waits asks how it stands twice in that time."""
LONGEST = timedelta(hours=1)
"""Longer than any `waiting` step lets a caller wait."""
UNHEARD = "unheard"
"""How a hunt ended whose caller was not heard of any more."""


async def record_heard(db: AsyncConnection, hunt: Row[Any], now: datetime) -> None:
    """Record that the caller is there, even if a clock was set back since they were last heard of."""
    if abs(now - (hunt.heard or hunt.began)) >= HEARD_EVERY:
        await db.execute(update(hunts).where(hunts.c.id == hunt.id).values(heard=now))


async def goes_on(db: AsyncConnection, hunt: Row[Any], now: datetime) -> bool:
    """Ring again for a caller who was not heard of for a while, and is there."""
    unheard = (hunts.c.id == hunt.id) & (hunts.c.state == HuntState.over) & (hunts.c.way == UNHEARD)
    if now - hunt.began >= LONGEST:
        return False
    again = update(hunts).where(unheard).values(state=HuntState.ringing, way=None, heard=now, changed=now)
    if not (await db.execute(again)).rowcount:
        return False
    await legs.withdraw(db, hunt.id)
    return True


def is_there(hunt: Row[Any], now: datetime) -> bool:
    """Return whether the caller was heard of lately, and waits no longer than anybody; a clock may have been set."""
    heard: datetime = hunt.heard or hunt.began
    began: datetime = hunt.began
    return now - UNHEARD_AFTER < heard <= now + AHEAD and now - began < LONGEST
