"""A caller's telephone, in the words of the trade: dials, hears, presses, waits, hangs up."""

import re
from collections.abc import Mapping

from starlette.types import ASGIApp

from ivr.phone.call import Call
from ivr.phone.exchange import Exchange
from ivr.phone.far_end import FAR_ENDS
from ivr.phone.leg import Leg
from ivr.phone.speech import contains, moment_of, seconds_of
from ivr.phone.stops import HangUp, Key, Listen, Recording, Ring, Talk, Voice, Way
from ivr.phone.transcript import CALLER, LINE

BETWEEN_KEYS = 1.0
"""Seconds from one typed key to the next."""


class Phone(Call):
    """Calls the app from `caller`, in virtual time: nothing sleeps.

    `far_ends` says how each number behaves when it is rung, by a name of FAR_ENDS, and `otherwise` how the
    rest do. A number that `rings` stops the call, with `ringing` set, until `answers`, `waits` or `hangs_up`.
    `fallback` is the document played when the app fails. `app` may be exchanged at any time: another process
    takes over. What the caller does returns the phone, so that what they hear can be asked at once:

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
    ) -> None:
        super().__init__(Exchange(app, public_url, token), Leg(caller, called), fallback)
        self.far_ends = far_ends or {}
        self.otherwise = otherwise

    async def dials(self) -> "Phone":
        """Ring the helpline's number."""
        self.transcript.notes(CALLER, "dials")
        await self.acts()
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
        self._expects(re.fullmatch(r"[0-9*#]+", keys), f'keys, which "{keys}" is not')
        if after is not None:
            self.hears(after)
        phrase = f"press {keys[0]}" if when_named else after or ""
        at = self._moment(phrase, named=when_named, pause=pause)
        self.transcript.notes(CALLER, f"presses {keys}", at=at)
        if isinstance(self.stop, Listen):
            await self.acts(keys=[Key(key, at + BETWEEN_KEYS * n) for n, key in enumerate(keys)])
        elif isinstance(self.stop, Talk):
            await self.acts(Key("*" if "*" in keys else keys[0], at))
        else:
            self.transcript.notes(LINE, f"nothing listens for {keys}: lost")
        return self

    async def says(self, text: str, *, key: str = "", hangs_up: bool = False) -> "Phone":
        """Speak into a recording, and end it with a key, by putting the receiver down, or with silence."""
        self._needs_a_call()
        self._expects(isinstance(self.stop, Recording), "something that records")
        self.transcript.notes(CALLER, f"says: {text}")
        await self.acts(Voice(text, key, hangs_up))
        return self

    async def waits(self) -> "Phone":
        """Stay silent until the app has been asked again or the call has ended."""
        self._needs_a_call()
        self.transcript.notes(CALLER, "stays silent", at=self._moment("", pause=0.0))
        self.transcript.turns()
        asked = len(self.requests)
        while not self.ended and len(self.requests) == asked:
            await self.stays_silent()
        return self

    async def hangs_up(self, *, when_said: bool = False) -> "Phone":
        """Put the receiver down, at once or when all has been said.

        A number being rung, or talked to, is let go and the app told so.
        """
        self._needs_a_call()
        await self.acts(HangUp(self._moment("", pause=0.0 if when_said else None)))
        return self

    async def answers(self, behaviour: str) -> "Phone":
        """Decide how the number that is ringing behaves, by a name of FAR_ENDS."""
        self._expects(self.ringing, "a number that rings")
        await self.acts(FAR_ENDS[behaviour])
        return self

    async def replays(self) -> str:
        """Deliver the last webhook once more, as happens after a lost answer; the text of the document."""
        return await self.exchange.delivers(self.requests[-1])

    def hears(self, *phrases: str) -> "Phone":
        """Assert that each was said since the caller last acted; case and punctuation do not count."""
        for phrase in phrases:
            self._expects(contains(self.heard, phrase), f'to hear "{phrase}"')
        return self

    def hears_not(self, *phrases: str) -> "Phone":
        """Assert that none was said since the caller last acted."""
        for phrase in phrases:
            self._expects(not contains(self.heard, phrase), f'not to hear "{phrase}"')
        return self

    def far_end_hears(self, *phrases: str) -> "Phone":
        """Assert that each was said to the number rung last, before it was connected."""
        said = self.transcript.said_to(self.dialled[-1].number) if self.dialled else ""
        for phrase in phrases:
            self._expects(contains(said, phrase), f'the far end to hear "{phrase}"')
        return self

    def seconds_until(self, phrase: str) -> float:
        """Seconds of speech from pick-up until the phrase, said since the caller last acted, is heard."""
        moment = moment_of(phrase, self.transcript.recent)
        self._expects(moment, f'to hear "{phrase}"')
        return moment.speech if moment else 0.0

    @property
    def heard(self) -> str:
        """The text said since the caller last acted, as if listened to until the end."""
        return self.transcript.heard

    @property
    def heard_seconds(self) -> float:
        """Seconds of speech listened to; what is being said while keys are awaited is not yet counted."""
        return self.transcript.heard_seconds

    @property
    def clock(self) -> float:
        """Seconds since pick-up; what is being said while keys are awaited has not yet passed."""
        return self.transcript.clock

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self.way is not None

    @property
    def failed(self) -> str | None:
        """Why the caller was left with the telephone company's error message, if they were."""
        return str(self.failures[-1]) if self.way is Way.FAILED else None

    @property
    def ringing(self) -> str | None:
        """The number that rings until somebody decides what happens."""
        return self.stop.number if isinstance(self.stop, Ring) else None

    @property
    def app(self) -> ASGIApp:
        """The app that is asked from now on."""
        return self.exchange.app

    @app.setter
    def app(self, app: ASGIApp) -> None:
        self.exchange.app = app

    def _moment(self, phrase: str = "", *, named: bool = False, pause: float | None = None) -> float:
        """The second of the call at which the caller acts: see `presses`."""
        heard = moment_of(phrase, self.transcript.recent) if phrase else None
        if heard:
            return max(heard.at, self.clock) if named else heard.at
        if pause is None and not named:
            return self.clock
        sounds = self.stop.sounds if isinstance(self.stop, Listen) else ()
        return self.clock + seconds_of(sounds) + (pause or 0.0)

    def _needs_a_call(self) -> None:
        self._expects(not self.ended, "the call to go on")

    def _expects(self, met: object, what: str) -> None:
        if not met:
            raise AssertionError(f"Expected {what}. The call so far:\n{self.transcript}")
