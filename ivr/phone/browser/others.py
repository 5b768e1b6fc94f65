"""The telephones of everybody who is rung, in the hands of the person at the page."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ivr.phone.browser.deeds import Deed
from ivr.phone.browser.hand import Hand
from ivr.phone.browser.not_now import NotNow
from ivr.phone.called import Called
from ivr.phone.far_end import FAR_ENDS
from ivr.phone.stops import HangUp, Hold, Joined, Key, Listen, Ring, Talk

if TYPE_CHECKING:
    from ivr.phone.browser.trial import Trial

PICKED_UP = "picked_up"
BEHAVIOURS = {PICKED_UP: "mailbox", "busy": "busy", "no_answer": "no_answer", "mailbox": "mailbox"}
"""What can become of a telephone that rings, and as what it is written down at first."""
DECISIONS = {"1": "talks", "2": "declines"}
"""What a key means to whoever is asked whether they take the call."""


class Others:
    """Answers them, presses keys on them, puts them down."""

    def __init__(self, trial: "Trial") -> None:
        self._trial = trial

    def how(self, number: str) -> tuple[str, str]:
        """How the telephone at a number stands (quiet, rings, hears, talks), and the number it shows."""
        stop, called = self._trial.phone.stop, self._called(number)
        if isinstance(stop, Ring) and stop.number == number:
            return "rings", stop.shown
        if isinstance(stop, Talk) and stop.number == number:
            return "talks", self._trial.phone.dialled[-1].shown
        if called is None or called.stop is None:
            return "quiet", ""
        if called.undecided:
            return "rings", called.placed.sender
        if isinstance(called.stop, Joined):
            return "talks", called.placed.sender
        return ("hears" if isinstance(called.far_end, Hand) else "quiet"), called.placed.sender

    async def answers(self, number: str, behaviour: str) -> None:
        """Somebody picks up, or does not, or has a mailbox that does."""
        if self.how(number)[0] != "rings" or behaviour not in BEHAVIOURS:
            raise NotNow("That telephone does not ring.")
        phone, called = self._trial.phone, self._called(number)
        self._trial.deeds.append(Deed(phone.now, "answers", BEHAVIOURS[behaviour], number=number))
        if called and called.undecided:
            at_once = replace(FAR_ENDS[BEHAVIOURS[behaviour]], rings=0.0)
            far_end = {PICKED_UP: Hand(), "no_answer": FAR_ENDS["no_answer"]}.get(behaviour, at_once)
            called.decided(far_end)
            await phone.listens(phone.now)
            return
        takes = "talks" if behaviour == PICKED_UP else behaviour
        self._trial.deeds.turns_out(number, takes)
        rings = FAR_ENDS[takes].rings if takes == "no_answer" else 0.0
        await phone.acts_with(replace(FAR_ENDS[takes], rings=rings))

    async def presses(self, number: str, key: str) -> None:
        """Whoever has picked up presses a key; before anything listens it is lost."""
        called = self._called(number)
        if called is None or not isinstance(called.far_end, Hand):
            raise NotNow("Nobody has picked that telephone up.")
        called.far_end.done.append(Key(key, self._trial.phone.now))
        if key in DECISIONS and isinstance(called.stop, Listen):
            self._trial.deeds.turns_out(number, DECISIONS[key])
        await self._trial.phone.listens(self._trial.phone.now)

    async def hangs_up(self, number: str) -> None:
        """Whoever has picked up puts the receiver down."""
        phone, called, how = self._trial.phone, self._called(number), self.how(number)[0]
        if how == "talks":
            self._trial.deeds.append(Deed(phone.now, "ends"))
            if called and isinstance(called.stop, Joined):
                called.stop.bridge.ends(phone.now, number)
                await phone.listens(phone.now)
            else:
                await phone.is_let_go()
        elif how == "hears" and called and isinstance(called.stop, Hold | Listen):
            self._trial.deeds.turns_out(number, "hangs_up_on_screen")
            called.goes_on(HangUp(phone.now))
            await phone.listens(phone.now)

    def _called(self, number: str) -> Called | None:
        return next((called for called in self._trial.phone.company.called if called.placed.to == number), None)
