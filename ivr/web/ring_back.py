"""Rings both ends for whoever rings a caller back: first ours, and when they press 1 there, the caller."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode
from uuid import uuid4

from ivr.engine.seal import Seal
from ivr.helpline.screening import CALLBACK, EVERY_CALL, for_adviser
from ivr.store import legs, resources, worklist
from ivr.store.database import Store
from ivr.store.worklist import Item
from ivr.telephony.outcome import ProviderFailed
from ivr.telephony.rest import Provider

SECONDS = 25
"""How long their telephone rings; most mailboxes pick up about then, and are not put through either."""


class RingBack:
    """Both see `shown` (E.164), a number of ours; `public_url` is where the provider reaches us.

    `offer` is the step that answers an adviser's line.
    """

    def __init__(
        self,
        store: Store,
        provider: Provider,
        seal: Seal,
        public_url: str,
        shown: str,
        offer: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._provider, self._seal = store, provider, seal
        self._public_url, self._shown, self._offer, self._clock = public_url, shown, offer, clock

    async def ring(self, item: Item, who: str, number: str) -> bool:
        """Ring one of us (E.164) for a caller; False if somebody else has claimed them.

        The claim is committed first, and stays if the provider fails: they can be rung from any telephone.
        Raises NotTaken, Refused or Unknown, or StoreDown.
        """
        leg = str(uuid4())
        async with self._store.begin() as db:
            if not await worklist.claim(db, item.id, who, self._clock()):
                return False
            await legs.add(db, leg, None, self._store.cipher.mark(number), self._clock(), item.id)
        memory = for_adviser(item.topic, item.deadline, **{CALLBACK: item.id})
        url = f"{self._public_url}/voice/{self._offer}?m={self._seal.close(memory, EVERY_CALL, self._offer)}"
        try:
            call = await self._provider.call(number, self._shown, url, SECONDS, self._status_url(leg))
        except ProviderFailed:
            async with self._store.begin() as db:
                await legs.over(db, leg, legs.Outcome.failed, self._clock())
            raise
        async with self._store.begin() as db:
            mark = self._store.cipher.mark(item.number) if item.number else None
            await legs.placed(db, leg, call.sid)
            await resources.add(db, "call", call.sid, mark, self._clock())
        return True

    def _status_url(self, leg: str) -> str:
        """While their telephone rings, and while they talk, they are rung for nobody else."""
        return f"{self._public_url}/voice/status?{urlencode({'leg': leg})}"
