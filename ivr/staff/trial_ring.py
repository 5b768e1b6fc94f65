"""A test ring: rings an adviser's telephone for no caller, to see whether calls reach them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput, IvrError
from ivr.helpline.quiet_hours import is_texting_hour
from ivr.helpline.timezone import LONDON
from ivr.helpline.whisper import LEG, adviser_call_state
from ivr.staff import rota
from ivr.staff.adviser_line import AdviserLine
from ivr.store import audit, engaged, legs
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.leg_states import LegOutcome, LegState

BY_STATE = {
    LegState.placing: "Their telephone is about to ring.",
    LegState.ringing: "Their telephone is ringing.",
    LegState.screening: "Somebody, or a mailbox, has picked up: they are asked to press 1.",
}
BY_OUTCOME = {
    LegOutcome.confirmed: "It works: they picked up and pressed 1.",
    LegOutcome.unanswered: "It rang, and nobody picked up.",
    LegOutcome.busy: "It was engaged.",
    LegOutcome.declined: "It was picked up and nobody pressed 1: a mailbox, perhaps.",
    LegOutcome.failed: "It could not be rung: the telephone company refused it. Is the number right?",
    LegOutcome.lost: "It could not be rung: the telephone company did not answer.",
}
OVER = "That ring is over."


class EngagedNow(IvrError):
    """They are on a call with us, which nothing is to disturb."""


class AtNight(IvrError):
    """Nobody expects their telephone to ring now."""


@dataclass(frozen=True, slots=True)
class TrialState:
    """How the last test ring of somebody went, in a sentence, and when it began."""

    says: str
    began: datetime
    is_over: bool
    works: bool


@dataclass(frozen=True, slots=True)
class BegunTrial:
    """Somebody who is to be rung, and their number (E.164)."""

    who: str
    number: str = field(repr=False)


class TrialRing:
    """They are rung on a `line`, and hear the step `offer`."""

    def __init__(self, line: AdviserLine, offer: str) -> None:
        self._line, self._offer = line, offer

    async def begin(self, adviser: str, by: By, *, at_night: bool = False) -> BegunTrial:
        """Note who is to be rung, given by name.

        Raise NoSuchAdviser, EngagedNow, or AtNight unless that was agreed to.
        """
        if not self._offer:
            raise InvalidInput("Nothing says what is heard: add a step of kind trial_ring to flows/screening.yaml.")
        async with self._line.store.begin() as db:
            who, number = await rota.telephone(db, self._line.store.cipher, adviser, by)
            if self._line.store.cipher.blind_index(number) in await engaged.read(db, by.at):
                raise EngagedNow(f"{who} is on a call with us: try it when that is over.")
            if not (at_night or is_texting_hour(by.at)):
                now = by.at.astimezone(LONDON)
                raise AtNight(f"It is {now.hour}:{now:%M}: say that their telephone may ring at this hour.")
            await audit.write(db, by, f"test ring of {who}")
        return BegunTrial(who, number)

    async def place(self, begun: BegunTrial) -> bool:
        """Ring them, in seconds; return False if they have come to be on a call.

        Raises ProviderError or DatabaseUnavailable.
        """
        leg = str(uuid4())
        if not await self._line.take_turn_if_free(leg, begun.number):
            return False
        await self._line.ring(leg, begun.number, self._offer, adviser_call_state("", None, **{LEG: leg}))
        return True


async def state(db: AsyncConnection, cipher: Cipher, number: str) -> TrialState | None:
    """Return how the last test ring of a number went, or goes; None without one."""
    last = await legs.last_trial(db, cipher.blind_indexes(number)) if number else None
    if last is None:
        return None
    leg, outcome, began = last
    says = BY_STATE.get(leg) or BY_OUTCOME.get(outcome or LegOutcome.lost, OVER)
    return TrialState(says, began, leg is LegState.over, outcome is LegOutcome.confirmed)
