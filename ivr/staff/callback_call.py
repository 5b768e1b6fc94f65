"""Places a callback: rings an adviser first, and when they press 1, the caller."""

from dataclasses import dataclass, field
from uuid import uuid4

from ivr.helpline.whisper import CALLBACK, MAY_LEAVE_MESSAGE, adviser_call_state
from ivr.staff import callbacks, rota
from ivr.staff.adviser_line import AdviserLine
from ivr.staff.working import CannotClaim
from ivr.store import callback_list
from ivr.store.audit import By
from ivr.store.callback_list import CallbackItem


@dataclass(frozen=True, slots=True)
class BegunCallback:
    """A caller who is claimed, and the adviser who is to be rung for them, with their number (E.164)."""

    item: CallbackItem
    who: str
    number: str = field(repr=False)


class CallbackCall:
    """An adviser is rung on a `line`, and hears the step `offer`; both see the number that the line shows."""

    def __init__(self, line: AdviserLine, offer: str) -> None:
        self._line, self._store, self._offer = line, line.store, offer

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
            if not await callback_list.claim(db, item.id, by.who if by.account else who, self._line.clock()):
                raise CannotClaim(f"{item.by or 'Somebody else'} has claimed them.")
            await callbacks.write_audit(db, item, by, f"rang {who} for it")
        return BegunCallback(item, who, number)

    async def place(self, begun: BegunCallback) -> None:
        """Ring the adviser, in seconds; raise ProviderError or DatabaseUnavailable."""
        leg, item = str(uuid4()), begun.item
        await self._line.take_turn(leg, begun.number, item.id)
        agreed = {MAY_LEAVE_MESSAGE: "yes"} if item.may_leave_message else {}
        state = adviser_call_state(item.topic, item.deadline, item.audience, **{CALLBACK: item.id}, **agreed)
        await self._line.ring(leg, begun.number, self._offer, state, item.number)
