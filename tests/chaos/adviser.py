"""A simulated adviser: a telephone that rings because the helpline asked the provider's API for a call."""

import asyncio

from ivr.simulator.network.answers import HangUp, Key
from ivr.simulator.network.callee import Callee
from ivr.simulator.network.interpreter import Interpreter
from ivr.simulator.network.leg import Leg
from ivr.simulator.network.waits import AwaitDigits
from ivr.simulator.network.webhooks import Webhook
from ivr.simulator.transcript import Transcript
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twiml.timing import duration
from tests.chaos.environment import Environment
from tests.chaos.real_time_leg import RealTimeLeg

CANCEL_POLL_INTERVAL = 1.0
"""Simulated seconds between two looks at whether a ringing call was cancelled."""


class Adviser(RealTimeLeg):
    """Rings, answers or does not, hears the whisper, and presses 1 or something else."""

    def __init__(self, environment: Environment, placed: CallResource) -> None:
        leg = Leg(placed.sender, placed.to, sid=placed.sid, placed=True)
        super().__init__(environment, Interpreter(leg, Transcript(placed.to, clock=environment.now), placed.url))
        # Whether the action of a talk is requested after the adviser has hung up the provider does not say.
        self.line.reports_hangup = environment.random.choice((True, False))
        self.placed = placed
        self.callee: Callee = self._random_callee()

    async def run(self) -> None:
        """Play the call from the first ring to its end."""
        status = await self._ring()
        if status == "in-progress":
            await self._set_status(status)
            await self.play(self.line.run(self.line.request(self.placed.url, self.placed.method)))
            status = "completed"
        await self._set_status(status)

    def key_press(self, listen: AwaitDigits) -> tuple[str, float] | None:
        """Return the adviser's key; a mailbox presses none, and neither does somebody who has hung up."""
        answer = self.callee.respond(listen, self.line.transcript.clock)
        if isinstance(answer, Key):
            return answer.key, max(0.0, answer.at - self.line.transcript.clock)
        return ("*", duration(listen.sounds)) if isinstance(answer, HangUp) else None

    async def _ring(self) -> str:
        for status in ("initiated", "ringing"):
            if self.placed.has_ended:
                return "canceled"
            await self._set_status(status)
        until = self.environment.now + min(self.callee.rings, self.placed.timeout)
        while self.environment.now < until:
            if self.placed.has_ended:
                return "canceled"
            await self.environment.sleep_until(min(until, self.environment.now + CANCEL_POLL_INTERVAL))
        if self.callee.rings > self.placed.timeout:
            return "no-answer"
        return self.callee.refused or "in-progress"

    async def _set_status(self, status: str) -> None:
        self.placed.set_status(status, self.environment.now)
        if self.placed.wants_callback_for(status):
            api = self.environment.provider_api
            form = self.placed.status_callback_form(status, api.sid, api.clock())
            await self.send_status(Webhook(self.placed.status_callback_method, self.placed.status_callback, form))


async def run_advisers(environment: Environment) -> None:
    """Ring every number that the provider's API is asked to call, until cancelled."""
    async with asyncio.TaskGroup() as ringing:
        while True:
            for placed in [one for one in environment.provider_api.calls if not one.is_dialled]:
                placed.is_dialled = True
                environment.rings.append(placed)
                ringing.create_task(Adviser(environment, placed).run())
            await asyncio.sleep(0.02)
