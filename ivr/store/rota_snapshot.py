"""What tells when somebody is there: the rota, the closures, and the bank holidays that staff added."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.rota import RotaSnapshot
from ivr.store import closures, one_off_holidays, rota
from ivr.store.cipher import Cipher


async def read(db: AsyncConnection, cipher: Cipher, now: datetime) -> RotaSnapshot:
    """Return all of it; of the closures, those that are not over."""
    return replace(await read_closed_times(db, now), advisers=await rota.read(db, cipher))


async def read_closed_times(db: AsyncConnection, now: datetime) -> RotaSnapshot:
    """Return the same without the advisers."""
    kept = tuple(one.closure for one in await closures.read(db, now))
    return RotaSnapshot(closures=kept, holidays=await one_off_holidays.read(db))
