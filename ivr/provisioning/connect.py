"""Points numbers at the helpline, and puts back what was there.

What is there is written down before it is changed: whatever happens in between, it can be put back.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.errors import IvrError
from ivr.provisioning.fallback import asset_name
from ivr.provisioning.plan import NumberPlan
from ivr.store import audit, number_configurations
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.telephony.account import Account
from ivr.telephony.incoming_numbers import IncomingNumber
from ivr.telephony.number_configuration import Configuration, changes
from ivr.telephony.protected_asset import ProtectedAsset, Sleep
from ivr.telephony.provider_errors import ProviderError


class HalfDone(IvrError):
    """A change at the provider that stopped after some numbers, which are named by their SID."""

    def __init__(self, done: Sequence[str], failed: str, reason: str, mend: str) -> None:
        self.done = tuple(done)
        so_far = f"{', '.join(done)} done; " if done else ""
        super().__init__(f"{so_far}number {failed} is not changed, or not wholly: {reason}. {mend}")


AGAIN = "Run it again to finish, or `ivr twilio disconnect` to put everything back."


async def connect(account: Account, store: Store, plans: Sequence[NumberPlan], by: By) -> list[str]:
    """Make the changes of each plan; return the SIDs of the numbers that were changed. Raises HalfDone."""
    done = list[str]()
    for one in plans:
        if one.changes:
            async with store.begin() as db:
                before = one.number.configuration
                old = {change.parameter: before[change.parameter] for change in one.changes}
                await number_configurations.remember(db, store.cipher, one.number.sid, old, by.at)
            await _configure(account, one.number.sid, {it.parameter: it.new for it in one.changes}, done)
            done.append(one.number.sid)
            async with store.begin() as db:
                parameters = ", ".join(it.parameter for it in one.changes)
                await audit.write(db, by, f"pointed number {one.number.sid} at this helpline: {parameters}")
    return done


@dataclass(frozen=True, slots=True)
class PutBack:
    """The SIDs of the numbers that were changed, and whether a fallback document was deleted."""

    numbers: tuple[str, ...]
    document: bool


async def put_back(
    account: Account, store: Store, numbers: Sequence[IncomingNumber], by: By, sleep: Sleep = asyncio.sleep
) -> PutBack:
    """Put back what was written down of each number, delete its fallback document, and forget it.

    A number that is no longer of the account is forgotten. Raises HalfDone.
    """
    async with store.read() as db:
        written_down = await number_configurations.read(db, store.cipher)
    ours, done, document = {one.sid: one for one in numbers}, list[str](), False
    for sid, before in written_down.items():
        if number := ours.get(sid):
            old = {change.parameter: change.new for change in changes(number.configuration, before.configuration)}
            if old:
                await _configure(account, sid, old, done)
                done.append(sid)
        document |= await _removed(account.protected_asset(asset_name(sid), sleep), sid, done)
        async with store.begin() as db:
            await number_configurations.forget(db, sid)
            await audit.write(db, by, f"put back what number {sid} was set to before this helpline")
    return PutBack(tuple(done), document)


async def _removed(asset: ProtectedAsset, sid: str, done: Sequence[str]) -> bool:
    try:
        return await asset.remove()
    except ProviderError as failure:
        raise HalfDone(done, sid, f"its fallback document is not deleted: {failure.reason}", AGAIN) from failure


async def _configure(account: Account, sid: str, wanted: Configuration, done: Sequence[str]) -> None:
    try:
        now = await account.configure(sid, wanted)
    except ProviderError as failure:
        raise HalfDone(done, sid, failure.reason, AGAIN) from failure
    if kept := [change.parameter for change in changes(now.configuration, wanted)]:
        raise HalfDone(done, sid, f"the provider did not take {', '.join(kept)}", AGAIN)
