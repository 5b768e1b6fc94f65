"""The states of a leg, how it ended, and when it is over by itself; `legs.py` changes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from ivr.store.clock_skew import AHEAD


class LegState(StrEnum):
    """The state of a leg. `placing`: the provider is asked to ring; `screening`: the whisper is played."""

    placing = "placing"
    ringing = "ringing"
    screening = "screening"
    talking = "talking"
    over = "over"


ORDER = tuple(LegState)
LIVE = ORDER[:-1]
RINGING = LegState.placing, LegState.ringing


class LegOutcome(StrEnum):
    """How a leg ended.

    `confirmed`: the key was pressed in a test ring.
    `lost`: no answer or callback of the provider came; `gone`: the caller had hung up; `freed`: by staff; `withdrawn`:
    canceled by mistake, so that it rang for nothing.
    """

    talked = "talked"
    confirmed = "confirmed"
    gone = "gone"
    declined = "declined"
    busy = "busy"
    unanswered = "unanswered"
    failed = "failed"
    canceled = "canceled"
    lost = "lost"
    freed = "freed"
    withdrawn = "withdrawn"


STATE_OF_STATUS: Mapping[str, LegState] = {
    "queued": LegState.placing,
    "initiated": LegState.placing,
    "ringing": LegState.ringing,
    "in-progress": LegState.screening,
    "answered": LegState.screening,
}
OUTCOME_OF_STATUS: Mapping[str, LegOutcome] = {
    "completed": LegOutcome.declined,  # unless they talked
    "busy": LegOutcome.busy,
    "no-answer": LegOutcome.unanswered,
    "failed": LegOutcome.failed,
    "canceled": LegOutcome.canceled,
}
"""https://www.twilio.com/docs/voice/api/call-resource#call-status-values."""

LONGEST_PLACING = timedelta(seconds=8)
"""How long the provider may take to return a CallSid: longer than we wait for its answer."""
MARGIN = timedelta(seconds=10)
LONGEST_RINGING = timedelta(seconds=60)
LONGEST_SCREENING = timedelta(seconds=90)
LONGEST_GOODBYE = timedelta(seconds=60)
LONGEST_TALK = timedelta(hours=4)
ASK_AFTER = timedelta(minutes=1)
"""Without news for so long, the provider is asked whether the leg goes on; and again after as long."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg that is not over. `blind_index` is of the adviser's number; `until` is when it is over by itself.

    `since` is when it came to its state, `asked` when the provider was last asked about it.
    """

    id: str
    hunt: str | None
    callback: str | None
    blind_index: bytes
    sid: str | None
    state: LegState
    since: datetime
    asked: datetime | None
    until: datetime
    wanted: bool
    """The hunt it belongs to still rings, or it belongs to none."""

    @property
    def rings(self) -> bool:
        """Whether it rings, or is about to."""
        return self.state in RINGING

    @property
    def talks(self) -> bool:
        """Whether the adviser may be talking to a caller: nothing but news or a plausible clock ends that."""
        return self.state is LegState.talking or (self.state is LegState.screening and self.callback is not None)

    @property
    def is_lost(self) -> bool:
        """Whether the provider has never told us of it."""
        return self.state is LegState.placing and self.sid is None

    def is_over(self, now: datetime) -> bool:
        """Return whether its time is over. One that was begun by a clock which was ahead is not waited for."""
        return self.until <= now or (self.is_lost and self.since > now + AHEAD)

    def is_silent(self, now: datetime) -> bool:
        """Return whether nothing was heard of it for a while, and nobody has asked; a clock may have been set."""
        return not any(now - ASK_AFTER < moment <= now + AHEAD for moment in (self.since, self.asked) if moment)


def read_leg(row: Row[Any]) -> Leg:
    """Return a leg with the seconds and the state of its hunt (`rings`, `hunting`)."""
    wanted = row.hunt is None or row.hunting == "ringing"
    state, until = LegState(row.state), _until(row)
    return Leg(row.id, row.hunt, row.callback, row.blind_index, row.sid, state, row.changed, row.asked, until, wanted)


def _until(row: Row[Any]) -> datetime:
    began: datetime = row.began
    changed: datetime = row.changed
    match row.state:
        case LegState.talking:
            return changed + (LONGEST_TALK if row.seconds is None else LONGEST_GOODBYE)
        case LegState.screening:
            return changed + (LONGEST_TALK if row.callback else LONGEST_SCREENING)
        case LegState.placing if row.sid is None:
            return began + LONGEST_PLACING
    return began + (timedelta(seconds=row.rings) if row.rings else LONGEST_RINGING) + MARGIN
