"""What staff must see to: facts that ran out, hours that are a guess, nobody on shift; each with what mends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.opening_hours_file import FILE, OpeningHoursFile
from ivr.helpline.rota import Adviser, on_shift

GUESS = "K"
CONFIRM = "let the charity confirm them: `ivr hours confirm`, or Hours on the staff pages"
MEND_FACTS = "`ivr facts` lists what a person must check"


@dataclass(frozen=True)
class Notice:
    """What is missing or wrong, and what mends it."""

    says: str
    mend: str

    def __str__(self) -> str:
        return self.says if self.mend in self.says else f"{self.says}: {self.mend}"


def every_fact_expired(facts: Sequence[DatedFact], today: date) -> Notice | None:
    """Tell that no fact may be spoken any more: callers hear of no number and no rule of law."""
    if facts and len(_expired(facts, today)) == len(facts):
        return Notice(f"all {len(facts)} facts of flows/ are past their last valid day, and none is spoken", MEND_FACTS)
    return None


def some_facts_expired(facts: Sequence[DatedFact], today: date) -> Notice | None:
    """Tell how many facts are not spoken any more, where it is not all of them."""
    expired = len(_expired(facts, today))
    if expired in (0, len(facts)):
        return None
    return Notice(
        f"{expired} of {len(facts)} facts of flows/ are past their last valid day, and not spoken", MEND_FACTS
    )


def unconfirmed_hours(ours: OpeningHoursFile | None, today: date) -> Notice | None:
    """Tell that nobody has confirmed our opening hours, by which callers are sent away, or not lately enough."""
    if ours is None:
        return None
    if ours.sure == GUESS:
        return Notice(f"the opening hours in {FILE} are a guess", CONFIRM)
    if today > ours.good_until:
        says = f"the opening hours were good until {ours.good_until:%d %b %Y}, and callers are not told them any more"
        return Notice(says, CONFIRM)
    return None


def hours_run_out(ours: OpeningHoursFile | None, today: date, within: timedelta) -> Notice | None:
    """Tell that our opening hours must soon be confirmed again."""
    if ours is None or ours.sure == GUESS or not today <= ours.good_until < today + within:
        return None
    return Notice(f"the opening hours are good until {ours.good_until:%d %b %Y}", CONFIRM)


def nobody_on_shift(hours: OpeningHours | None, advisers: Sequence[Adviser], now: datetime) -> Notice | None:
    """Tell that nobody is rung at this moment (aware) although we are open."""
    if not advisers:
        return Notice("nobody is on the rota, and IVR_ADVISERS is empty", '`ivr rota add "Jo Marsh" 07700 900001`')
    is_open = hours is None or hours.opening(now).is_open
    if not is_open or on_shift(advisers, now):
        return None
    return Notice("we are open and nobody is on shift", "`ivr rota` shows the shifts, `ivr rota shift` changes them")


def _expired(facts: Sequence[DatedFact], today: date) -> list[DatedFact]:
    return [fact for fact in facts if today > fact.good_until]
