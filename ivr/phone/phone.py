"""A caller's telephone, in the words of the trade: dials, hears, presses, waits, hangs up."""

import re
from collections.abc import Mapping
from functools import partial

from starlette.types import ASGIApp

from ivr.phone.clock import Clock
from ivr.phone.company import Company
from ivr.phone.directory import Directory
from ivr.phone.exchange import Exchange
from ivr.phone.far_end import FAR_ENDS
from ivr.phone.leg import Leg
from ivr.phone.office import Office
from ivr.phone.rounds import Meanwhile
from ivr.phone.speech import moment_of, seconds_of
from ivr.phone.standing import Standing
from ivr.phone.stops import HangUp, Idle, Key, Listen, Recording, Ring, Talk, Voice
from ivr.phone.transcript import LINE, Transcript

BETWEEN_KEYS = 1.0
"""Seconds from one typed key to the next."""


class Phone(Standing):
    """Calls the app from `caller`, in virtual time: nothing sleeps.

    `far_ends` says how each number behaves when it is rung, by a name of FAR_ENDS, and `otherwise` how the
    rest do. A number that `rings` stops the call, with `ringing` set, until `answers`, `waits` or `hangs_up`.
    `fallback` is the document played when the app fails. `app` may be exchanged at any time: another process
    takes over. `office` is where the app has calls placed; `meanwhile` is let work each second that a call waits in a
    queue or is placed, whenever one has ended, and before the app is asked anything. The `clock` goes with the call.
    What the caller does returns the phone, so that what they hear can be asked at once:

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
        far_ends: Mapping[str, str] | None = None,
        otherwise: str = "no_answer",
        fallback: str | None = None,
        office: Office | None = None,
        meanwhile: Meanwhile | None = None,
        clock: Clock | None = None,
        status_callback: str | None = None,
        beside: "Phone | None" = None,
    ) -> None:
        if beside:
            company, exchange = beside.company, beside.exchange.another()
            tape = Transcript(caller, company.entries)
        else:
            exchange = Exchange(app, public_url, token)
            company = Company(
                exchange, office or Office(), Directory(far_ends or {}, otherwise), clock or Clock(), meanwhile
            )
            tape = Transcript(entries=company.entries)
        super().__init__(company, exchange, Leg(caller, called), tape, fallback, status_callback)
        self._again = partial(type(self), app, called=called, fallback=fallback, status_callback=status_callback)

    def another(self, caller: str) -> "Phone":
        """The telephone of another caller of the same company, who is silent while this one does something."""
        return self._again(caller=caller, beside=self)

    async def dials(self) -> "Phone":
        """Ring the helpline's number."""
        await self.dialled_in()
        return self

    async def presses(
        self, keys: str, *, after: str | None = None, when_named: bool = False, pause: float | None = None
    ) -> "Phone":
        """Press keys, a second apart.

        The first is pressed at once, or when the words `after` have been heard, or `when_named` ("press 1";
        when all has been said if it is not), or `pause` seconds after all has been said.
        Raises AssertionError when the words `after` were never said.
        """
        self._needs_a_call()
        self.expects(re.fullmatch(r"[0-9*#]+", keys), f'keys, which "{keys}" is not')
        if after is not None:
            self.hears(after)
        phrase = f"press {keys[0]}" if when_named else after or ""
        at = self._moment(phrase, named=when_named, pause=pause)
        self.transcript.notes(self.transcript.ear, f"presses {keys}", at=at)
        if isinstance(self.stop, Listen):
            await self.acts_with(keys=[Key(key, at + BETWEEN_KEYS * n) for n, key in enumerate(keys)])
        elif isinstance(self.stop, Talk):
            await self.acts_with(Key("*" if "*" in keys else keys[0], at))
        else:
            self.transcript.notes(LINE, f"nothing listens for {keys}: lost")
        return self

    async def says(self, text: str, *, key: str = "", hangs_up: bool = False, told: bool = True) -> "Phone":
        """Speak into a recording, and end it with a key, by putting the receiver down, or with silence."""
        self._needs_a_call()
        self.expects(isinstance(self.stop, Recording), "something that records")
        self.transcript.notes(self.transcript.ear, f"says: {text}")
        self.line.farewells = told
        await self.acts_with(Voice(text, key, hangs_up))
        return self

    async def waits(self, seconds: float = 0.0) -> "Phone":
        """Stay silent until the app has been asked again and so many seconds are over, or the call has ended.

        Whoever comes for a caller in a queue, to talk for as long as the caller likes, ends the silence too, and so
        does a number that begins to ring and of which nobody said how it behaves.
        """
        self._needs_a_call()
        self.transcript.notes(self.transcript.ear, "stays silent", at=self._moment("", pause=0.0))
        self.transcript.turns()
        asked, until, at_first = len(self.requests), self.company.now + seconds, (self.ringing, self.is_talking)
        while not self.ended and (len(self.requests) == asked or self.company.now < until):
            await self.stays_silent()
            if (self.ringing, self.is_talking) != at_first and (self.ringing or self.is_talking):
                break
        return self

    async def hangs_up(self, *, when_said: bool = False, told: bool = True) -> "Phone":
        """Put the receiver down, at once or when all has been said.

        A number being rung, or talked to, is let go and the app told so; unless it is not `told`, as may happen.
        """
        self._needs_a_call()
        self.line.farewells = told
        await self.acts_with(HangUp(self._moment("", pause=0.0 if when_said else None)))
        return self

    async def idles(self, seconds: float) -> "Phone":
        """Let so many seconds pass for whoever else is on the line; the caller stays silent, if there is a call."""
        await self.company.runs(self.company.now + seconds)
        return self

    async def answers(self, behaviour: str) -> "Phone":
        """Decide how the number that is ringing behaves, by a name of FAR_ENDS."""
        self.expects(self.ringing, "a number that rings")
        called = next((called for called in self.company.called if called.undecided), None)
        if isinstance(self.stop, Ring) or called is None:
            await self.acts_with(FAR_ENDS[behaviour])
        else:
            called.decided(FAR_ENDS[behaviour])
            await self.goes_on_waiting()
        return self

    async def replays(self) -> str:
        """Deliver the last webhook once more, as happens after a lost answer; the text of the document."""
        return await self.exchange.delivers(self.requests[-1])

    def _moment(self, phrase: str = "", *, named: bool = False, pause: float | None = None) -> float:
        """The second of the call at which the caller acts: see `presses`."""
        clock = max(self.transcript.clock, self.company.now if isinstance(self.stop, Listen | Idle | Talk) else 0.0)
        heard = moment_of(phrase, self.transcript.recent) if phrase else None
        if heard:
            return max(heard.at, clock) if named else heard.at
        if pause is None and not named:
            return clock
        sounds = self.stop.sounds if isinstance(self.stop, Listen) else ()
        return max(self.transcript.clock + seconds_of(sounds) + (pause or 0.0), clock)

    def _needs_a_call(self) -> None:
        self.expects(not self.ended, "the call to go on")
