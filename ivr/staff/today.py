"""What staff see first: whether we are open, who calls, who is there, and what must be seen to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.environment import Opening
from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.intervals import Interval
from ivr.helpline.opening_hours import OpeningHours, is_within
from ivr.helpline.rota import Adviser
from ivr.helpline.staff_hours import StaffHours
from ivr.helpline.staffing import gaps, next_staffed
from ivr.helpline.timezone import today_in_london
from ivr.staff import alerts, data_complaints, rota, shift_reminders
from ivr.staff.alerts import Alerts
from ivr.staff.data_complaints import Urgent
from ivr.staff.rota import OnRota
from ivr.store import calls_in_progress, emergency_messages, rota_snapshot, sms_outbox, waiting_list
from ivr.store.calls_in_progress import CallInProgress
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.shift_replies import OpenShift
from ivr.store.sms_states import SmsState
from ivr.store.waiting_list import WaitingItem

MOST_WAITING = 8
"""How many of those who wait are shown."""
LOOK_AHEAD = timedelta(days=7)
"""How far gaps of the rota are shown."""
RUNS_OUT_WITHIN = timedelta(days=60)
"""How long before its last day a fact is shown, as `ivr check` warns."""


@dataclass(frozen=True, slots=True)
class AdviserNow:
    """Somebody of the rota, and whether their shift is now."""

    on_rota: OnRota
    is_on_shift: bool

    @property
    def is_free(self) -> bool:
        """Whether they would be rung for the next caller."""
        return self.is_on_shift and not (self.on_rota.engaged_since or self.on_rota.passed_over_until)


@dataclass(frozen=True, slots=True)
class Today:
    """The helpline at a moment.

    `shifts` are those that somebody declined, or has not confirmed.
    `until` is when it closes, or next opens; `staffed_from` is when somebody is next on shift, if nobody is while it is
    open. `own_advisers` counts those of the operator's setting, who are rung while the rota is empty.
    """

    opening: Opening
    until: datetime | None
    staffed_from: datetime | None
    emergency: EmergencyMessage | None
    calls: Sequence[CallInProgress]
    advisers: Sequence[AdviserNow]
    own_advisers: int
    waiting: Sequence[WaitingItem]
    waiting_of_kind: Mapping[ItemKind, int]
    gaps: Sequence[Interval]
    shifts: Sequence[OpenShift]
    failed_texts: int
    staff_hours: Sequence[StaffHours]
    complaints: Sequence[Urgent]
    alerts: Alerts

    @property
    def is_staffed(self) -> bool:
        """Whether a caller who asks for a person can reach one."""
        return any(one.is_on_shift for one in self.advisers) or (not self.advisers and self.own_advisers > 0)


async def read(
    db: AsyncConnection,
    cipher: Cipher,
    hours: OpeningHours | None,
    setting: Sequence[Adviser],
    unanswered: int,
    who: str,
    now: datetime,
) -> Today:
    """Return what there is for `who` to see now (aware); `unanswered` is as in `rota.read`."""
    on_rota = await rota.read(db, cipher, unanswered, now)
    closed = await rota_snapshot.read_closed_times(db, now)
    snapshot = replace(closed, advisers=tuple(one.adviser for one in on_rota))
    ours, rung = snapshot.hours(hours), snapshot.or_else(setting)
    opening = ours.opening(now) if ours else Opening(is_open=True)
    advisers = [AdviserNow(one, opening.is_open and is_within(one.adviser.shifts, now)) for one in on_rota]
    return Today(
        opening=opening,
        until=opening.opens if not opening.is_open else (ours.closes(now) if ours else None),
        staffed_from=next_staffed(ours, rung.advisers, now),
        emergency=await emergency_messages.read(db, now),
        calls=await calls_in_progress.read(db, now),
        advisers=advisers,
        own_advisers=len(setting),
        waiting=await waiting_list.read(db, who, now, MOST_WAITING),
        waiting_of_kind=await waiting_list.counts(db),
        gaps=gaps(ours, rung.advisers, now, now + LOOK_AHEAD),
        shifts=shift_reminders.unsettled(await shift_reminders.read_of(db, snapshot, hours, now), now),
        failed_texts=(await sms_outbox.counts(db))[SmsState.failed],
        staff_hours=snapshot.staff_hours,
        complaints=await data_complaints.urgent(db, cipher, today_in_london(now)),
        alerts=await alerts.read(db, cipher, now),
    )


def running_out(facts: Sequence[DatedFact], today: date) -> list[DatedFact]:
    """Return the facts that ran out or soon will, the first to do so first."""
    soon = [fact for fact in facts if fact.good_until <= today + RUNS_OUT_WITHIN]
    return sorted(soon, key=lambda fact: fact.good_until)
