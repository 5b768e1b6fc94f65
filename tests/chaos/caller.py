"""A simulated caller who pursues a goal: dials, presses keys and speaks, until the call ends."""

import asyncio
from collections import deque
from time import monotonic

from ivr.simulator.network.answers import Silence, Speech
from ivr.simulator.network.interpreter import Interpreter
from ivr.simulator.network.leg import Leg
from ivr.simulator.network.waits import AwaitDigits
from ivr.simulator.network.webhooks import Webhook
from ivr.simulator.transcript import HELPLINE, LINE, Transcript
from ivr.simulator.twiml.parse import parse
from ivr.simulator.twiml.timing import duration
from tests.chaos.call_result import CallResult, is_degraded
from tests.chaos.environment import PUBLIC_URL, TIME_SCALE, Environment
from tests.chaos.goals import Goal, ending_key
from tests.chaos.real_time_leg import RealTimeLeg

HELPLINE_NUMBER = "+448081570000"
VOICE_URL = f"{PUBLIC_URL}/voice"
MAX_KEY_PRESSES = 12
"""Key presses after which a caller presses only what ends the call, as after a talk; without such a key they stay
silent, and the helpline must end the call with a goodbye."""
SECONDS_BETWEEN_KEYS = 0.5
IMPATIENCE = 0.1
"""Probability that a caller who waits for an adviser hangs up instead of hearing on."""
MESSAGE = "My name is Sam and please ring me about the school"


class Caller(RealTimeLeg):
    """Presses what leads to the goal and, at random, wrong keys or none."""

    def __init__(self, environment: Environment, number: str, goal: Goal) -> None:
        line = Interpreter(
            Leg(number, HELPLINE_NUMBER),
            Transcript(clock=environment.now),
            VOICE_URL,
            parse(environment.fallback_twiml),
        )
        super().__init__(environment, line)
        # A hang-up is told by the action of the verb that it ended, and later by the call status; or by that alone.
        line.reports_hangup = environment.random.choice((True, False))
        self._goal, self._number = goal, number
        self._keys: deque[str] = deque()
        self._key_presses = 0
        self._recorded = False
        self._sentences_answered = 0

    async def run(self) -> CallResult:
        """Make the whole call."""
        began, leg, provider_api = monotonic(), self.line.leg, self.environment.provider_api
        provider_api.add_inbound_call(leg.sid, leg.caller, leg.called)
        way = await self.play(self.line.run(self.line.request(VOICE_URL, "POST")))
        await asyncio.gather(*self.pending_callbacks)
        provider_api.end_inbound_call(leg.sid)
        self.environment.gone[leg.sid] = provider_api.clock()
        await self.send_status(Webhook("POST", f"{VOICE_URL}/status", leg.form("completed")))
        tape = self.line.transcript
        degraded = [entry.at for entry in tape.entries if entry.who in (HELPLINE, LINE) and is_degraded(entry.text)]
        return CallResult(
            sid=leg.sid,
            number=self._number,
            goal=self._goal.name,
            began=began,
            ended=monotonic(),
            way=way,
            heard=self._heard(),
            talked=self.talked,
            recorded=self._recorded,
            failures=tuple(self.line.failures),
            transcript=str(tape),
            degraded_prompts=len(degraded),
            last_degraded=self.environment.began + max(degraded, default=0.0) / TIME_SCALE,
        )

    def key_press(self, listen: AwaitDigits) -> tuple[str, float] | None:
        """Return the next key towards the goal, or None."""
        if not listen.begun:
            self._keys = deque(self._choose_keys())
            spoken = duration(listen.sounds)
            return (self._keys.popleft(), spoken * self.environment.random.uniform(0.3, 1.1)) if self._keys else None
        return (self._keys.popleft(), SECONDS_BETWEEN_KEYS) if self._keys else None

    def hang_up(self, listen: AwaitDigits) -> float | None:
        """Return when the caller hangs up who has lost patience in the queue."""
        random = self.environment.random
        is_impatient = self.line.in_queue and random.random() < IMPATIENCE
        return duration(listen.sounds) * random.random() if is_impatient else None

    def speak(self) -> Speech | Silence:
        """Return a message that ends with hash, a hang-up or silence; or say nothing."""
        ending = self.environment.random.choice(("#", "#", "hang up", "", "silence"))
        if ending == "silence":
            return Silence()
        self._recorded = True
        return Speech(MESSAGE, ending if ending == "#" else "", ending == "hang up")

    def _choose_keys(self) -> str:
        heard = " ".join(self._heard()[self._sentences_answered :])
        self._sentences_answered = len(self._heard())
        self._key_presses += 1
        if self._key_presses > MAX_KEY_PRESSES or self.talked:
            return ending_key(heard) or ""
        is_reached = any(self._goal.confirmation in sentence for sentence in self._heard())
        return self._goal.keys(heard, self._number, is_reached, self.environment.random) or ""

    def _heard(self) -> tuple[str, ...]:
        tape = self.line.transcript
        return tuple(entry.text for entry in tape.entries if entry.who == HELPLINE and entry.ear == tape.ear)
