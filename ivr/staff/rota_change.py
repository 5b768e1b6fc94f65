"""A change of the rota, and what it does to callers: the same for the page that asks first and for the command line."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Adviser
from ivr.helpline.rota_change import RotaChange, change_of
from ivr.store import rota_rows, rota_snapshot
from ivr.store.cipher import Cipher

Change = Callable[[AsyncConnection, Cipher], Awaitable[object]]
"""Changes the rota in a transaction, with an entry in the audit log."""


async def changed(
    db: AsyncConnection,
    cipher: Cipher,
    change: Change,
    hours: OpeningHours | None,
    setting: Sequence[Adviser],
    now: datetime,
) -> RotaChange:
    """Change the rota and return what that does; whoever does not want it rolls the transaction back.

    `hours` are those of the content, `setting` the advisers of the settings, who are rung while the rota is empty.
    """
    await rota_rows.lock(db)
    before = (await rota_snapshot.read(db, cipher, now)).or_else(setting)
    await change(db, cipher)
    after = (await rota_snapshot.read(db, cipher, now)).or_else(setting)
    return change_of(before, after, hours, now)
