"""What the page of an adviser shows besides their rota: whether they will be there, their calendar, test rings."""

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.console.live import LivePart
from ivr.console.visit import Visit
from ivr.helpline.phone_numbers import NumberKind, kind_of
from ivr.helpline.quiet_hours import is_texting_hour
from ivr.helpline.rota import Adviser
from ivr.staff import shift_reminders, trial_ring
from ivr.staff.accounts import Role
from ivr.staff.trial_ring import TrialState
from ivr.store import calendar_feeds, opt_outs
from ivr.store.calendar_feeds import CalendarFeed
from ivr.store.shift_replies import OpenShift

LIVE = LivePart("/console/rota/{id}/test-ring/live", "trial_live.html")


@dataclass(frozen=True, slots=True)
class ShiftSections:
    """What is shown of an adviser; `may_act` is whether the page is theirs, or a manager looks at it.

    `not_texted` is why they are not reminded, "" if they are. `at_night` is whether nobody expects a ring now.
    """

    may_act: bool
    ahead: list[OpenShift]
    not_texted: str
    feed: CalendarFeed | None
    can_ring: bool
    at_night: bool
    live: Markup


def may_act(visit: Visit, adviser: str) -> bool:
    """Return whether somebody may answer and have a telephone rung for an adviser (their id)."""
    return visit.account.adviser == adviser or visit.account.role.includes(Role.manager)


async def read(db: AsyncConnection, visit: Visit, adviser: Adviser) -> ShiftSections:
    """Return what is shown of an adviser."""
    services, cipher = visit.services, visit.services.store.cipher
    everything = await shift_reminders.read(db, cipher, services.content().hours, visit.now)
    said = await trial_ring.state(db, cipher, adviser.number)
    return ShiftSections(
        may_act=may_act(visit, adviser.id),
        ahead=[one for one in everything if one.adviser.id == adviser.id],
        not_texted=await _why_not_texted(db, visit, adviser),
        feed=await calendar_feeds.of(db, adviser.id),
        can_ring=services.ringing is not None,
        at_night=not is_texting_hour(visit.now),
        live=LIVE.first(visit, sentence(said), trial=said),
    )


def sentence(state: TrialState | None) -> str:
    """Return what a screen reader tells of a test ring."""
    return state.says if state else ""


async def _why_not_texted(db: AsyncConnection, visit: Visit, adviser: Adviser) -> str:
    cipher = visit.services.store.cipher
    if not adviser.number or kind_of(adviser.number) is not NumberKind.mobile:
        return "Their telephone is no mobile"
    said_stop = await opt_outs.is_opted_out(db, *cipher.blind_indexes(adviser.number))
    return "They said STOP to our texts" if said_stop else ""
