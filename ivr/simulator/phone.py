"""A caller's telephone: dials, presses keys, listens, waits, hangs up."""

import re
from collections.abc import Mapping
from functools import partial

from starlette.types import ASGIApp

from ivr.simulator.assertions import AssertableCall
from ivr.simulator.network.answers import HangUp, Key, Speech
from ivr.simulator.network.callee import CALLEES
from ivr.simulator.network.carrier import Carrier
from ivr.simulator.network.clock import Clock
from ivr.simulator.network.directory import Directory
from ivr.simulator.network.leg import Leg
from ivr.simulator.network.waits import AwaitDigits, AwaitSpeech, IdleInQueue, Ring, Talk
from ivr.simulator.network.webhooks import WebhookClient
from ivr.simulator.transcript import LINE, Transcript
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twiml.prompts import PromptsIn
from ivr.simulator.twiml.timing import duration, find_phrase
from ivr.simulator.worker_ticks import Tick

BETWEEN_KEYS = 1.0
"""Seconds from one key to the next."""


class Phone(AssertableCall):
    """Calls the app from `caller` in simulated time: nothing sleeps.

    `callees` gives the behaviour of each number that is rung, by a name of CALLEES, and `default_callee` that of the
    rest. A number that `rings` stops the call, with `ringing` set, until `answers`, `waits` or `hangs_up`. `fallback`
    is the document executed when the app fails. `app` may be replaced at any time, as if another process took over.
    `twilio` is the account whose REST API the app uses; `tick` runs its worker each second while a caller waits in a
    queue or is called, whenever a call has ended, and before a webhook. The `clock` goes with the call. `prompts_in`
    tells which prompts a document says. Actions return the phone, so that assertions can follow:

        (await phone.presses("1")).hears("The council's letter")
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        public_url: str = "https://helpline.example",
        token: str = "token",  # noqa: S107 - there is no account behind it
        caller: str = "+447700900123",
        called: str = "+448081570000",
        callees: Mapping[str, str] | None = None,
        default_callee: str = "no_answer",
        fallback: str | None = None,
        twilio: TwilioAccount | None = None,
        tick: Tick | None = None,
        clock: Clock | None = None,
        status_callback: str | None = None,
        beside: "Phone | None" = None,
        prompts_in: PromptsIn = lambda text: (),
    ) -> None:
        if beside:
            carrier, webhooks = beside.carrier, beside.webhooks.clone()
            transcript = Transcript(caller, carrier.entries)
        else:
            webhooks = WebhookClient(app, public_url, token, prompts_in)
            directory = Directory(callees or {}, default_callee)
            carrier = Carrier(webhooks, twilio or TwilioAccount(), directory, clock or Clock(), tick)
            transcript = Transcript(entries=carrier.entries)
        super().__init__(carrier, webhooks, Leg(caller, called), transcript, fallback, status_callback)
        self._again = partial(type(self), app, called=called, fallback=fallback, status_callback=status_callback)

    def another(self, caller: str) -> "Phone":
        """Return the phone of another caller on the same carrier, who is silent while this one acts."""
        return self._again(caller=caller, beside=self)

    async def dials(self) -> "Phone":
        """Call the helpline's number."""
        await self.start()
        return self

    async def presses(
        self, keys: str, *, after: str | None = None, when_named: bool = False, pause: float | None = None
    ) -> "Phone":
        """Press keys, a second apart.

        The first is pressed at once, or when the words `after` have been heard, or `when_named` ("press 1"; when all
        has been said if it is not), or `pause` seconds after all has been said.
        Raises AssertionError when the words `after` were never said.
        """
        self._expect_call()
        self.expects(re.fullmatch(r"[0-9*#]+", keys), f'keys, which "{keys}" is not')
        if after is not None:
            self.hears(after)
        phrase = f"press {keys[0]}" if when_named else after or ""
        at = self._time_to_act(phrase, named=when_named, pause=pause)
        self.transcript.note(self.transcript.ear, f"presses {keys}", at=at)
        if isinstance(self.pending, AwaitDigits):
            await self.act(keys=[Key(key, at + BETWEEN_KEYS * n) for n, key in enumerate(keys)])
        elif isinstance(self.pending, Talk):
            await self.act(Key("*" if "*" in keys else keys[0], at))
        else:
            self.transcript.note(LINE, f"nothing listens for {keys}: lost")
        return self

    async def says(self, text: str, *, key: str = "", hangs_up: bool = False, told: bool = True) -> "Phone":
        """Speak into a recording, and end it with a key, by hanging up, or with silence.

        Unless the app is `told`, it gets no request for the action after a hang-up, as happens with Twilio.
        """
        self._expect_call()
        self.expects(isinstance(self.pending, AwaitSpeech), "something that records")
        self.transcript.note(self.transcript.ear, f"says: {text}")
        self.line.reports_hangup = told
        await self.act(Speech(text, key, hangs_up, await self._spoken(text)))
        return self

    async def waits(self, seconds: float = 0.0) -> "Phone":
        """Stay silent until the app has got a webhook and so many seconds have passed, or the call has ended.

        An adviser who takes the caller out of a queue, to talk for as long as the caller likes, ends the silence too,
        and so does a number that begins to ring and of which nobody has decided how it is answered.
        """
        self._expect_call()
        self.transcript.note(self.transcript.ear, "stays silent", at=self._time_to_act("", pause=0.0))
        self.transcript.start_turn()
        requests, until, at_first = len(self.requests), self.carrier.now + seconds, (self.ringing, self.is_talking)
        while not self.ended and (len(self.requests) == requests or self.carrier.now < until):
            await self.stay_silent()
            if (self.ringing, self.is_talking) != at_first and (self.ringing or self.is_talking):
                break
        return self

    async def hangs_up(self, *, when_said: bool = False, told: bool = True) -> "Phone":
        """Hang up, at once or when all has been said. As for `says`, the app may not be `told`."""
        self._expect_call()
        self.line.reports_hangup = told
        await self.act(HangUp(self._time_to_act("", pause=0.0 if when_said else None)))
        return self

    async def idles(self, seconds: float) -> "Phone":
        """Let so many seconds pass for everybody else; the caller stays silent, if there is a call."""
        await self.carrier.run_until(self.carrier.now + seconds)
        return self

    async def answers(self, behaviour: str) -> "Phone":
        """Decide how the number that rings is answered, by a name of CALLEES."""
        self.expects(self.ringing, "a number that rings")
        call = next((call for call in self.carrier.outbound_calls if call.undecided_ring), None)
        if isinstance(self.pending, Ring) or call is None:
            await self.act(CALLEES[behaviour])
        else:
            call.decide(CALLEES[behaviour])
            await self.keep_waiting()
        return self

    async def replays(self) -> str:
        """Send the last webhook once more, as Twilio does when an answer is lost, and return the answer."""
        return await self.webhooks.send(self.requests[-1])

    async def _spoken(self, text: str) -> bytes:
        """Return the audio of what the caller says; there is none where nobody listens to it."""
        return b""

    def _time_to_act(self, phrase: str = "", *, named: bool = False, pause: float | None = None) -> float:
        """Return the second at which the caller acts: see `presses`."""
        shared = isinstance(self.pending, AwaitDigits | IdleInQueue | Talk)
        clock = max(self.transcript.clock, self.carrier.now if shared else 0.0)
        heard = find_phrase(phrase, self.transcript.recent) if phrase else None
        if heard:
            return max(heard.at, clock) if named else heard.at
        if pause is None and not named:
            return clock
        sounds = self.pending.sounds if isinstance(self.pending, AwaitDigits) else ()
        return max(self.transcript.clock + duration(sounds) + (pause or 0.0), clock)

    def _expect_call(self) -> None:
        self.expects(not self.ended, "the call to go on")
