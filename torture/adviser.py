"""An adviser's telephone, rung because the helpline asked the office to."""

import asyncio

from ivr.phone.exchange import Webhook
from ivr.phone.far_end import FarEnd
from ivr.phone.leg import Leg
from ivr.phone.line import Line
from ivr.phone.office_call import Placed
from ivr.phone.speech import seconds_of
from ivr.phone.stops import HangUp, Key, Listen
from ivr.phone.transcript import Transcript
from torture.ear import Ear
from torture.town import Town

LOOK_EVERY = 1.0
"""Seconds of the town's after which a telephone that rings finds out that it is to cease."""


class Adviser(Ear):
    """Rings, answers or not, hears what it is about, and presses 1 or something else."""

    def __init__(self, town: Town, placed: Placed) -> None:
        leg = Leg(placed.sender, placed.to, sid=placed.sid, placed=True)
        super().__init__(town, Line(leg, Transcript(placed.to, clock=town.now), placed.url))
        self.placed = placed
        self.far_end: FarEnd = self._far_end()

    async def is_rung(self) -> None:
        """From the first ring to the end of the talk."""
        status = await self._rings()
        if status == "in-progress":
            await self._becomes(status)
            await self.plays(self.line.plays(self.line.asks(self.placed.url, self.placed.method)))
            status = "completed"
        await self._becomes(status)

    def presses(self, listen: Listen) -> tuple[str, float] | None:
        """What this adviser does when asked to take the call; a mailbox does nothing, and neither does one who left."""
        answer = self.far_end.hears(listen, self.line.tape.clock)
        if isinstance(answer, Key):
            return answer.key, max(0.0, answer.at - self.line.tape.clock)
        return ("*", seconds_of(listen.sounds)) if isinstance(answer, HangUp) else None

    async def _rings(self) -> str:
        for status in ("initiated", "ringing"):
            if self.placed.has_ended:
                return "canceled"
            await self._becomes(status)
        until = self.town.now + min(self.far_end.rings, self.placed.timeout)
        while self.town.now < until:
            if self.placed.has_ended:
                return "canceled"
            await self.town.until(min(until, self.town.now + LOOK_EVERY))
        if self.far_end.rings > self.placed.timeout:
            return "no-answer"
        return self.far_end.refused or "in-progress"

    async def _becomes(self, status: str) -> None:
        self.placed.becomes(status, self.town.now)
        if self.placed.wants_news_of(status):
            form = self.placed.news(status, self.town.office.account, self.town.office.clock())
            await self.tells(Webhook(self.placed.callback_method, self.placed.status_callback, form))


async def answer_calls(town: Town) -> None:
    """Ring whoever the office is asked to ring, until cancelled; then nobody rings any more."""
    async with asyncio.TaskGroup() as ringing:
        while True:
            for placed in [one for one in town.office.calls if not one.is_picked_up]:
                placed.is_picked_up = True
                ringing.create_task(Adviser(town, placed).is_rung())
            await asyncio.sleep(0.02)
