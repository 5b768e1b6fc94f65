"""Plays a scenario in a session as somebody at the page would, who lets the words be heard, and notes what was done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ivr.simulator.browser.actions import PAGE_ACTIONS, listen
from ivr.simulator.browser.callee_phones import BEHAVIOURS, DECISIONS, PICKED_UP
from ivr.simulator.browser.request_fields import RequestFields
from ivr.simulator.browser.session import Session
from ivr.simulator.network.waits import AwaitDigits, AwaitSpeech, IdleInQueue, Talk
from ivr.simulator.scenarios.scenario import CALLERS, Step
from ivr.simulator.transcript import HELPLINE

STEP_SECONDS = 0.5
"""How much of a call passes at once: no telephone changes its state in between unseen for longer."""
MAX_WAIT = 90.0
"""How long what a scenario expects may take to come."""
BEFORE_ACTING = 1.0
"""Seconds between hearing something and doing something about it."""
BETWEEN_KEYS = 0.6
"""Seconds from one key of a number to the next."""
RINGS = 4.0
"""Seconds that somebody else's telephone rings before it is answered."""
KEYS = {behaviour: key for key, behaviour in DECISIONS.items()} | {"accepts": "1"}


@dataclass(frozen=True)
class TimedAction:
    """An action of the page, so many seconds `after` the one before."""

    after: float
    action: str
    fields: Mapping[str, Any] = field(default_factory=dict)


class TourGuide:
    """Does in a session what the steps of its scenario say. `look` is called whenever something may have changed.

    Raises AssertionError or ActionRefused when the call goes otherwise.
    """

    def __init__(self, session: Session, look: Callable[[Session], None] = lambda session: None) -> None:
        self._session, self._look = session, look
        self._last = session.phone.now
        self.actions: list[TimedAction] = []

    async def play(self) -> None:
        """Do everything, and let the session be as it is at the end."""
        for step in self._session.player.scenario.steps:
            done = getattr(self, f"_{step.action}", None)
            await (done(step) if done else self._expects(step))

    async def _dials(self, step: Step) -> None:
        names = {number: name for name, number in CALLERS.items()}
        await self._act("dial", caller=names.get(self._session.player.scenario.caller, "mobile"))

    async def _chooses(self, step: Step) -> None:
        await self._can_press()
        await self._press(step.texts[0], self._session.phone.time_to_press(step.texts[0], named=True))

    async def _presses(self, step: Step) -> None:
        await self._can_press()
        keys = step.texts[0] if step.texts else step.fields["keys"]
        pause = float(step.fields["pause"]) if "pause" in step.fields else None
        at = self._session.phone.time_to_press(keys, after=step.fields.get("after", ""), pause=pause)
        await self._press(keys, at)

    async def _says(self, step: Step) -> None:
        await self._until(lambda: isinstance(self._session.phone.pending, AwaitSpeech))
        words = step.texts[0] if step.texts else step.fields["words"]
        ending = {"hangs_up": True} if "hangs_up" in step.fields else {"key": step.fields.get("key", "#")}
        await self._pass(self._session.phone.now + BEFORE_ACTING)
        await self._act("say", words=words, **ending)

    async def _hangs_up(self, step: Step) -> None:
        await self._pass(self._heard() + BEFORE_ACTING)
        await self._act("hang-up")
        deadline = self._session.phone.now + MAX_WAIT
        while self._session.phone.carrier.participants and self._session.phone.now < deadline:  # what others still hear
            await self._pass(self._session.phone.now + STEP_SECONDS)

    async def _answers(self, step: Step) -> None:
        """Let a telephone ring, and answer it; who takes or leaves a call hears first who is calling."""
        await self._until(lambda: self._telephone_that("rings"))
        number, behaviour = self._telephone_that("rings"), step.texts[0]
        await self._pass(self._session.phone.now + RINGS)
        await self._act("answer", number=number, how=behaviour if behaviour in BEHAVIOURS else PICKED_UP)
        if behaviour in KEYS and self._session.callee_phones.state(number)[0] == "hears":
            await self._until(lambda: self._heard(number) > self._session.phone.now)
            await self._pass(self._heard(number) + BEFORE_ACTING)
            await self._act("press-there", number=number, key=KEYS[behaviour])

    async def _waits(self, step: Step) -> None:
        """Pass the time; a telephone that rings, or somebody to talk with, ends the wait."""
        until = self._session.phone.now + float(step.texts[0] if step.texts else 0.0)
        while self._session.phone.now < until and not self._session.phone.is_talking:
            if self._telephone_that("rings"):
                return
            await self._pass(min(self._session.phone.now + STEP_SECONDS, until))

    async def _idles(self, step: Step) -> None:
        seconds = float(step.texts[0])
        if self._session.is_calling:
            await self._pass(self._session.phone.now + seconds)
        else:
            moment = self._session.clock() + timedelta(seconds=seconds)
            await self._act("clock", at=moment.replace(tzinfo=None).isoformat(timespec="minutes"))

    async def _expects(self, step: Step) -> None:
        """Expect what a step says, and let it come where it takes a while."""
        deadline = self._session.phone.now + MAX_WAIT
        while True:
            try:
                return await self._session.player.play_step(step)
            except AssertionError:
                if self._session.phone.now >= deadline or not self._session.is_calling:
                    raise
            await self._pass(self._session.phone.now + STEP_SECONDS)

    async def _can_press(self) -> None:
        await self._until(lambda: isinstance(self._session.phone.pending, AwaitDigits | IdleInQueue | Talk))

    async def _press(self, keys: str, at: float) -> None:
        await self._pass(max(at, self._session.phone.now))
        for place, key in enumerate(keys):
            await self._pass(self._session.phone.now + (BETWEEN_KEYS if place else 0.0))
            await self._act("press", key=key)

    async def _until(self, condition: Callable[[], object]) -> None:
        deadline = self._session.phone.now + MAX_WAIT
        while not condition():
            if self._session.phone.now >= deadline or not self._session.is_calling:
                raise AssertionError(f"The call goes otherwise.\n{self._session.phone.transcript}")
            await self._pass(self._session.phone.now + STEP_SECONDS)

    async def _pass(self, until: float) -> None:
        """Let time pass, a little at once."""
        while self._session.phone.now < until:
            await self._do(listen, {"until": min(until, self._session.phone.now + STEP_SECONDS)})

    async def _act(self, action: str, **fields: Any) -> None:
        phone = self._session.phone
        self.actions.append(TimedAction(round(max(phone.now - self._last, 0.0), 3), action, fields))
        self._last = phone.now
        await self._do(PAGE_ACTIONS[action], fields)

    async def _do(self, does: Any, fields: Mapping[str, Any]) -> None:
        with self._session.interruptions.watch(self._session.phone.carrier):
            await does(self._session, RequestFields(fields))
        self._look(self._session)

    def _telephone_that(self, state: str) -> str:
        numbers = [*self._session.source.people(), *(ring.number for ring in self._session.phone.dialled)]
        return next((one for one in numbers if self._session.callee_phones.state(one)[0] == state), "")

    def _heard(self, ear: str = "") -> float:
        """Return the second at which somebody, the caller unless told, has heard all that was said."""
        phone = self._session.phone
        ear = ear or phone.transcript.ear
        ends = [one.at + one.seconds for one in phone.carrier.entries if one.who == HELPLINE and one.ear == ear]
        return max(max(ends, default=0.0), phone.now)
