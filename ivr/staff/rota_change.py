"""A change of the rota, and what it does to callers: the same for the page that asks first and for the command line."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Adviser, RotaSnapshot
from ivr.helpline.rota_change import RotaChange, change_of, mark_of
from ivr.store import audit, rota_rows, rota_snapshot
from ivr.store.cipher import Cipher

Change = Callable[[AsyncConnection, Cipher], Awaitable[object]]
"""Changes the rota in a transaction, with an entry in the audit log."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The rota before and after a change at a moment (aware), and the `entry` of it in the audit log."""

    before: RotaSnapshot = field(repr=False)
    after: RotaSnapshot = field(repr=False)
    entry: str
    at: datetime

    @property
    def mark(self) -> str:
        """Return what differs where another rota was changed."""
        return mark_of(self.before)

    def effect(self, hours: OpeningHours | None, setting: Sequence[Adviser]) -> RotaChange:
        """Return what it does to callers; outside the transaction, as it takes a while.

        `hours` are those of the content, `setting` the advisers of the settings, rung while the rota is empty.
        """
        return change_of(self.before.or_else(setting), self.after.or_else(setting), hours, self.at)


async def changed(db: AsyncConnection, cipher: Cipher, change: Change, now: datetime) -> Changed:
    """Change the rota; whoever only wants to know what that does rolls the transaction back."""
    await rota_rows.lock(db)
    before = await rota_snapshot.read(db, cipher, now)
    await change(db, cipher)
    after = await rota_snapshot.read(db, cipher, now)
    [entry] = await audit.read(db, 1)
    return Changed(before, after, entry.what, now)
