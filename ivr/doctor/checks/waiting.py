"""Does a caller wait for us longer than they should?"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from ivr.doctor.registry import Finding, Subject, check, warning
from ivr.helpline.intervals import intersection
from ivr.helpline.opening_hours import OpeningHours
from ivr.store import rota_snapshot, waiting_list
from ivr.store.item_kinds import ItemKind
from ivr.store.waiting_list import WaitingItem

KINDS = {
    ItemKind.callback: ("call back", "calls back", "`ivr callbacks` lists them"),
    ItemKind.message: ("message", "messages", "`ivr messages` lists them"),
    ItemKind.text: ("text that came in", "texts that came in", "`ivr inbox` lists them"),
}
URGENT = 0.25
"""The share of the usual time after which somebody with a last day in the next days has waited too long."""
MOST = 500
"""How many are looked at: those with the nearest last days, and who has waited longest."""


@check
async def waiting(subject: Subject) -> AsyncIterator[Finding]:
    """No caller has waited for IVR_WAITING_HOURS of our opening hours without anybody claiming them."""
    async with subject.store.read() as db:
        items = [one for one in await waiting_list.read(db, "", subject.now, MOST) if one.claimed_by is None]
        since = min((one.since for one in items), default=subject.now)
        snapshot = await rota_snapshot.read(db, subject.store.cipher, since)
    service = subject.content()
    late = _late(items, snapshot.hours(service.hours if service else None), subject)
    for kind, (one, several, mend) in KINDS.items():
        theirs = [item for item in late if item.kind is kind]
        if theirs:
            named = f"1 {one} waits" if len(theirs) == 1 else f"{len(theirs)} {several} wait"
            urgent = sum(item.urgent for item in theirs)
            says = f"{named} too long, and nobody has claimed {'it' if len(theirs) == 1 else 'them'}"
            yield warning(f"{says} ({urgent} with a last day soon)" if urgent else says, mend, len(theirs))


def _late(items: Sequence[WaitingItem], hours: OpeningHours | None, subject: Subject) -> list[WaitingItem]:
    limit = timedelta(hours=subject.settings.waiting_hours)
    return [
        one
        for one in items
        if one.kind in KINDS and _open_time(hours, one.since, subject.now) >= limit * (URGENT if one.urgent else 1)
    ]


def _open_time(hours: OpeningHours | None, since: datetime, now: datetime) -> timedelta:
    """Return for how long we were open since then; without hours we are always open."""
    if hours is None:
        return now - since
    spans = intersection([(since, now)], hours.open_intervals(since))
    return sum((ends - begins for begins, ends in spans), timedelta())
