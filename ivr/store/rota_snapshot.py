"""What tells when somebody is there: the rota, and the closures, bank holidays and weekly hours that staff set."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.rota import RotaSnapshot
from ivr.helpline.staff_hours import not_over
from ivr.helpline.timezone import ONE_DAY, today_in_london
from ivr.store import closures, one_off_holidays, opening_hours, rota
from ivr.store.cipher import Cipher


async def read(db: AsyncConnection, cipher: Cipher, now: datetime) -> RotaSnapshot:
    """Return all of it; of the closures and the hours, those that are not over."""
    return replace(await read_closed_times(db, now), advisers=await rota.read(db, cipher))


async def read_closed_times(db: AsyncConnection, now: datetime) -> RotaSnapshot:
    """Return the same without the advisers."""
    kept = tuple(one.closure for one in await closures.read(db, now))
    yesterday = today_in_london(now) - ONE_DAY  # a span that started then may last into today
    hours = not_over(await opening_hours.read(db), yesterday)
    return RotaSnapshot(closures=kept, holidays=await one_off_holidays.read(db), staff_hours=hours)
