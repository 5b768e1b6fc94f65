"""Who of our advisers is on duty."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import BrokenSeal
from ivr.helpline.rota import Adviser, on_shift
from ivr.store import rota
from ivr.store.cipher import Cipher

LONDON = ZoneInfo("Europe/London")


async def on_duty(
    db: AsyncConnection, cipher: Cipher, of_setting: tuple[Adviser, ...], now: datetime
) -> tuple[Adviser, ...]:
    """Those to be rung now, in their order; those of the setting count while there is no rota that can be read."""
    try:
        known = await rota.read(db, cipher)
    except BrokenSeal:
        known = ()
    return on_shift(known or of_setting, now.astimezone(LONDON))
