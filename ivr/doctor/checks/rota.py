"""Is somebody on shift whenever we are open?"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from ivr.doctor.registry import Finding, Subject, check, error, of_notice, warning
from ivr.errors import DatabaseUnavailable
from ivr.helpline.notices import nobody_on_shift
from ivr.helpline.odd_hours import odd_shifts
from ivr.helpline.rota import RotaSnapshot, of_setting
from ivr.helpline.staffing import gaps
from ivr.helpline.timezone import LONDON
from ivr.store import rota_snapshot

AHEAD = timedelta(days=14)
SHOWN = 5
"""Gaps that are shown; the rest are counted."""


@check
async def rota(subject: Subject) -> AsyncIterator[Finding]:
    """Somebody is on shift whenever we are open in the next fortnight, and no shift has odd hours."""
    snapshot = await _snapshot(subject)
    service = subject.content()
    hours = snapshot.hours(service.hours if service else None)
    if not snapshot.advisers:
        if nobody := nobody_on_shift(hours, (), subject.now):
            yield of_notice(nobody)
        return
    found = gaps(hours, snapshot.advisers, subject.now, subject.now + AHEAD)
    for begins, ends in found[:SHOWN]:
        find = error if begins <= subject.now else warning
        says = f"we are open and nobody is on shift: {_time(begins)} to {_time(ends)}"
        yield find(says, "`ivr rota shift` or `ivr rota change`, or close with `ivr closures add`")
    if (more := len(found) - SHOWN) > 0:
        says = f"and {more} more, until {_time(subject.now + AHEAD)}"
        yield warning(says, "`ivr rota who --at` shows a moment", more)
    for line in odd_shifts(snapshot.advisers):
        yield warning(line, "`ivr rota shift` sets it anew")


async def _snapshot(subject: Subject) -> RotaSnapshot:
    setting = of_setting(subject.settings.advisers)
    try:
        async with subject.store.read() as db:
            return (await rota_snapshot.read(db, subject.store.cipher, subject.now)).or_else(setting)
    except DatabaseUnavailable:
        return RotaSnapshot(setting)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %H:%M}"
