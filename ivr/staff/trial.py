"""What a change would do, before it is saved: it is made in a transaction that is taken back."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.intervals import Interval, difference
from ivr.helpline.opening_hours import ALWAYS, OpeningHours
from ivr.helpline.rota import Adviser, RotaSnapshot
from ivr.helpline.rota_change import all_gaps
from ivr.staff.call_preview import CallPreview, Content, environment_at, preview
from ivr.store import emergency_messages, rota_snapshot
from ivr.store.cipher import Cipher
from ivr.store.database import Store

Done = TypeVar("Done")
Change = Callable[[AsyncConnection, Cipher], Awaitable[Done]]


@dataclass(frozen=True, slots=True)
class Trial(Generic[Done]):
    """What a change returned, and the rota with its hours before and after it; the emergency message after it."""

    done: Done
    before: RotaSnapshot
    after: RotaSnapshot
    emergency: EmergencyMessage | None


@dataclass(frozen=True, slots=True)
class Listener:
    """What callers hear besides rota and hours: the content, our own number, and the advisers of the setting."""

    content: Content
    own_number: str | None = None
    setting: Sequence[Adviser] = ()

    def hear(self, rota: RotaSnapshot, emergency: EmergencyMessage | None, at: datetime) -> CallPreview:
        """Return what somebody would hear who rang at a moment (aware)."""
        there = rota.or_else(self.setting)
        environment = environment_at(self.content, there, at, own_number=self.own_number, emergency=emergency)
        return preview(self.content.flows, environment)

    def hear_all(self, trial: Trial[Any], moments: Iterable[datetime]) -> list[CallPreview]:
        """Return what callers would hear after a change."""
        return [self.hear(trial.after, trial.emergency, at) for at in moments]

    def moments(self, trial: Trial[Any], counts_from: datetime) -> list[datetime]:
        """Return the moments at which a change matters to callers, the earliest first.

        The first at which it counts, and the first at which we are open that were closed, and the other way round.
        """
        before, after = (_open(one.hours(self.content.hours), counts_from) for one in (trial.before, trial.after))
        newly = _first(difference(after, before), counts_from), _first(difference(before, after), counts_from)
        return sorted({counts_from, *filter(None, newly)})

    def new_gaps(self, trial: Trial[Any], counts_from: datetime) -> list[Interval]:
        """Return when nobody is on shift although we are open, for eight weeks from a moment, where that is new."""
        before, after = (
            all_gaps(one.or_else(self.setting), self.content.hours, counts_from) for one in (trial.before, trial.after)
        )
        return difference(after, before)


async def make(db: AsyncConnection, cipher: Cipher, change: Change[Done], now: datetime) -> Trial[Done]:
    """Make a change, and look at what it does."""
    before = await rota_snapshot.read(db, cipher, now)
    done = await change(db, cipher)
    after = await rota_snapshot.read(db, cipher, now)
    return Trial(done, before, after, await emergency_messages.read(db, now))


async def try_out(store: Store, change: Change[Done], now: datetime) -> Trial[Done]:
    """Make a change, look at what it does, and take it back."""
    async with store.begin() as db:
        trial = await make(db, store.cipher, change, now)
        await db.rollback()
    return trial


async def hear_at(store: Store, listener: Listener, at: datetime) -> CallPreview:
    """Return what somebody would hear who rang at a moment, as things are set now."""
    async with store.read() as db:
        rota, emergency = await rota_snapshot.read(db, store.cipher, at), await emergency_messages.read(db, at)
    return listener.hear(rota, emergency, at)


def _first(intervals: Iterable[Interval], at: datetime) -> datetime | None:
    """Return the first moment, not before another, that lies in an interval."""
    return next((max(begins, at) for begins, ends in intervals if at < ends), None)


def _open(hours: OpeningHours | None, now: datetime) -> list[Interval]:
    return (hours or OpeningHours(ALWAYS)).open_intervals(now)
