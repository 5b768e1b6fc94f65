"""Finds out what became of texts that the provider may have taken or not.

First we wait: the provider tells us of each text it has, at an address with our own id in it (`text_id.py`). Then we
look into its list, twice. If it is not there either, it is sent once more, and counted: better one text too many than
one too few. Once more and no oftener.

One that was never tried but should have been long ago is looked for as well: this may be a backup from before.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import texts
from ivr.store.database import Store
from ivr.store.once import one_at_a_time
from ivr.store.tables import resources
from ivr.store.texts import Text
from ivr.telephony.outcome import ProviderFailed
from ivr.telephony.refusals import reason_for
from ivr.telephony.rest import Found, Provider
from ivr.worker.sender import Sender

log = logging.getLogger(__name__)

LOOKS = 2
AT_ONCE = 20
SLACK = timedelta(minutes=10)
"""How far the provider's clock may be from ours; an earlier attempt at the same text may be found by it, too."""
NOBODY_KNOWS = "nobody can tell whether it was sent, though we tried twice"


class Doubt:
    """Looks for texts at the provider."""

    def __init__(self, store: Store, provider: Provider, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._store, self._provider, self._sender, self._clock = store, provider, sender, clock

    async def look(self) -> int:
        """Look for the texts of which no news has come; how many were looked for. Raises StoreDown."""
        async with self._store.begin() as db:
            lease = timedelta(seconds=AT_ONCE * self._provider.timeout) + self._sender.patience
            doubtful = await texts.to_look_for(db, self._store.cipher, self._clock(), AT_ONCE, lease)
        for text in doubtful:
            await self._look_for(text)
        return len(doubtful)

    async def _look_for(self, text: Text) -> None:
        try:
            found = await self._provider.find(text.to, text.body, (text.tried or text.due) - SLACK)
        except ProviderFailed as failure:
            # This was no look: what cannot be read does not say that the text is not in there.
            log.warning("the provider's list cannot be read: reason=%r", failure.reason)
            return
        async with self._store.begin() as db:
            await self._settle(db, text, found, self._clock())

    async def _settle(self, db: AsyncConnection, text: Text, found: Sequence[Found], now: datetime) -> None:
        if await texts.has_twin_on_its_way(db, self._store.cipher, text):
            await texts.unknown(db, text.id, now + self._sender.patience, now)
        elif message := await _not_another(db, found):
            await texts.delivery(db, text.id, message.sid, message.status, _reason(message), now)
        elif await texts.looked(db, text.id, now + self._sender.patience, now) >= LOOKS:
            if not text.attempts:  # it was overdue, and only looked for
                await texts.put_off(db, text.id, now, now)
            elif text.doubled:
                await texts.failed(db, text.id, NOBODY_KNOWS, now)
            else:
                await texts.send_again(db, text.id, now)


async def _not_another(db: AsyncConnection, found: Sequence[Found]) -> Found | None:
    """The first that we do not know already: a caller may have asked for the same words twice."""
    await one_at_a_time(db, "found")
    sids = [one.sid for one in found]
    known = set(await db.scalars(select(resources.c.sid).where(resources.c.sid.in_(sids))))
    return next((one for one in found if one.sid not in known), None)


def _reason(message: Found) -> str | None:
    return reason_for(message.error) if message.error else None
