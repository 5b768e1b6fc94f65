"""Places a callback: rings an adviser first, and when they press 1, the caller."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import uuid4

from ivr.helpline.whisper import ANY_CALL, CALLBACK, MAY_LEAVE_MESSAGE, adviser_call_state
from ivr.staff import callbacks, rota
from ivr.staff.working import CannotClaim
from ivr.store import call_pace, callback_list, legs, provider_resources
from ivr.store.audit import By
from ivr.store.callback_list import CallbackItem
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


@dataclass(frozen=True, slots=True)
class BegunCallback:
    """A caller who is claimed, and the adviser who is to be rung for them, with their number (E.164)."""

    item: CallbackItem
    who: str
    number: str = field(repr=False)


class CallbackCall:
    """Both see `shown` (E.164), a number of ours; `public_url` is where the provider reaches us.

    `offer` is the step that an adviser hears. `per_second` is how many calls may be placed in a second, by all of us;
    `sleep` waits for so many seconds.
    """

    def __init__(
        self,
        store: Store,
        provider: Provider,
        tokens: CallStateTokens,
        public_url: str,
        shown: str,
        offer: str,
        clock: Callable[[], datetime],
        per_second: float,
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._store, self._provider, self._tokens = store, provider, tokens
        self._public_url, self._shown, self._offer, self._clock = public_url, shown, offer, clock
        self._per_second, self._sleep = per_second, sleep

    async def ring(self, prefix: str, adviser: str, by: By) -> str:
        """Ring an adviser, given by name or number, for the caller whose id begins so; return the adviser's name.

        The claim is committed first, and stays if the provider fails: they can be rung from any telephone. Callers who
        wait for an adviser go before.
        Raises NoSuchItem, NoSuchAdviser, CannotClaim, ProviderError or DatabaseUnavailable.
        """
        begun = await self.begin(prefix, adviser, by)
        await self.place(begun)
        return begun.who

    async def begin(self, prefix: str, adviser: str, by: By) -> BegunCallback:
        """Claim the caller: for whoever has an account and rings, else for the adviser. Raises as `ring` does."""
        async with self._store.begin() as db:
            item = await callbacks.find(db, self._store.cipher, prefix, by)
            who, number = await rota.telephone(db, self._store.cipher, adviser, by)
            if not await callback_list.claim(db, item.id, by.who if by.account else who, self._clock()):
                raise CannotClaim(f"{item.by or 'Somebody else'} has claimed them.")
            await callbacks.write_audit(db, item, by, f"rang {who} for it")
        return BegunCallback(item, who, number)

    async def place(self, begun: BegunCallback) -> None:
        """Ring the adviser, in seconds; raise ProviderError or DatabaseUnavailable."""
        leg, turn = str(uuid4()), 0
        blind_index = self._store.cipher.blind_index(begun.number)
        while not await self._has_its_turn(leg, blind_index, begun.item.id, turn := turn + 1):
            await self._sleep(TURN)
        await self._place(leg, begun.item, begun.number)

    async def _has_its_turn(self, leg: str, blind_index: bytes, callback: str, turn: int) -> bool:
        """Add the leg if a call may be placed now, or was waited for long enough."""
        async with self._store.begin() as db:
            now = self._clock()
            if turn < TURNS and not await call_pace.allows_call_back(db, self._per_second, now):
                return False
            await legs.add(db, leg, None, blind_index, now, callback)
            return True

    async def _place(self, leg: str, item: CallbackItem, number: str) -> None:
        agreed = {MAY_LEAVE_MESSAGE: "yes"} if item.may_leave_message else {}
        state = adviser_call_state(item.topic, item.deadline, item.audience, **{CALLBACK: item.id}, **agreed)
        url = f"{self._public_url}/voice/{self._offer}?m={self._tokens.close(state, ANY_CALL, self._offer)}"
        try:
            call = await self._provider.call(number, self._shown, url, TIMEOUT, self._status_url(leg))
        except ProviderError:
            async with self._store.begin() as db:
                await legs.end(db, leg, LegOutcome.failed, self._clock())
            raise
        async with self._store.begin() as db:
            blind_index = self._store.cipher.blind_index(item.number) if item.number else None
            await legs.set_sid(db, leg, call.sid)
            await provider_resources.add(db, "call", call.sid, blind_index, self._clock())

    def _status_url(self, leg: str) -> str:
        """Return the StatusCallback: an adviser gets no other call while this leg lives."""
        return f"{self._public_url}/voice/status?{urlencode({'leg': leg})}"
