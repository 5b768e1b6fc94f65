"""Who of our advisers is on duty."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidToken
from ivr.helpline.rota import Adviser, on_shift
from ivr.store import rota
from ivr.store.cipher import Cipher

LONDON = ZoneInfo("Europe/London")


async def advisers_on_shift(
    db: AsyncConnection, cipher: Cipher, of_setting: tuple[Adviser, ...], now: datetime
) -> tuple[Adviser, ...]:
    """Those to be rung now, in their order; those of the setting count while there is no rota that can be read."""
    try:
        known = await rota.read(db, cipher)
    except InvalidToken:
        known = ()
    return on_shift(known or of_setting, now.astimezone(LONDON))
