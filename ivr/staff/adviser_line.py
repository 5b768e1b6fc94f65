"""Rings the telephone of somebody of ours, from our number, for something that they hear on picking up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.call_state import CallState
from ivr.helpline.whisper import ANY_CALL
from ivr.store import call_pace, engaged, legs, provider_resources
from ivr.store.advisory_lock import advisory_lock
from ivr.store.database import Store
from ivr.store.leg_states import LegOutcome
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.rest import Provider
from ivr.tokens import CallStateTokens

TURN, TURNS = 0.5, 30
"""Seconds between looks whether a call may be placed; after so many it is placed all the same: the provider lets it
wait, too."""
TIMEOUT = 25
"""Seconds that a telephone rings; most mailboxes pick up about then, and are not put through either."""


@dataclass(frozen=True)
class AdviserLine:
    """They see `shown` (E.164), a number of ours; `public_url` is where the provider reaches us.

    `per_second` is how many calls may be placed in a second, by all of us; `sleep` waits for so many seconds.
    """

    store: Store
    provider: Provider
    tokens: CallStateTokens
    public_url: str
    shown: str
    clock: Callable[[], datetime]
    per_second: float
    sleep: Callable[[float], Awaitable[object]]

    async def take_turn(self, leg: str, number: str, callback: str | None = None) -> None:
        """Add the leg (its id) of a call to somebody, once one may be placed; callers who wait go before."""
        blind_index, turn = self.store.cipher.blind_index(number), 1
        while not await self._has_its_turn(leg, blind_index, callback, turn):
            await self.sleep(TURN)
            turn += 1

    async def take_turn_if_free(self, leg: str, number: str) -> bool:
        """Add the leg of a call that is for no caller; return False if they are on another call by then."""
        blind_index, turn = self.store.cipher.blind_index(number), 1
        while True:
            async with self.store.begin() as db:
                await advisory_lock(db, "hunt")  # in which callers are given to advisers
                if blind_index in await engaged.read(db, self.clock()):
                    return False
                if await self._add(db, leg, blind_index, None, turn):
                    return True
            await self.sleep(TURN)
            turn += 1

    async def ring(self, leg: str, number: str, offer: str, state: CallState, caller: str | None = None) -> None:
        """Ring somebody, who hears the step `offer` on picking up; `caller` is whose number the call belongs to.

        Raises ProviderError, or DatabaseUnavailable.
        """
        url = f"{self.public_url}/voice/{offer}?m={self.tokens.close(state, ANY_CALL, offer)}"
        status_url = f"{self.public_url}/voice/status?{urlencode({'leg': leg})}"
        try:
            call = await self.provider.call(number, self.shown, url, TIMEOUT, status_url)
        except ProviderError:
            async with self.store.begin() as db:
                await legs.end(db, leg, LegOutcome.failed, self.clock())
            raise
        async with self.store.begin() as db:
            blind_index = self.store.cipher.blind_index(caller) if caller else None
            await legs.set_sid(db, leg, call.sid)
            await provider_resources.add(db, "call", call.sid, blind_index, self.clock())

    async def _has_its_turn(self, leg: str, blind_index: bytes, callback: str | None, turn: int) -> bool:
        async with self.store.begin() as db:
            return await self._add(db, leg, blind_index, callback, turn)

    async def _add(self, db: AsyncConnection, leg: str, blind_index: bytes, callback: str | None, turn: int) -> bool:
        """Add the leg if a call may be placed now, or was waited for long enough."""
        now = self.clock()
        if turn < TURNS and not await call_pace.allows_call_back(db, self.per_second, now):
            return False
        await legs.add(db, leg, None, blind_index, now, callback)
        return True
