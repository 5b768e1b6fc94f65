"""One caller with a wish: what they do in a call, and what became of it."""

import asyncio
from collections import deque
from dataclasses import dataclass

from ivr.phone.exchange import Webhook
from ivr.phone.failure import CONTENT_TYPE, NOT_TWIML, UNREADABLE, ApplicationFailure
from ivr.phone.leg import Leg
from ivr.phone.line import Line
from ivr.phone.speech import seconds_of
from ivr.phone.stops import Listen, Silence, Voice, Way
from ivr.phone.transcript import HELPLINE, LINE, Transcript
from ivr.phone.twiml import read
from torture.ear import Ear
from torture.signs import is_one
from torture.town import PUBLIC_URL, SPEED, Town
from torture.wishes import Wish, to_the_end

HELPLINE_NUMBER = "+448081570000"
MOST_TURNS = 12
"""Keys after which a caller only looks for the end, as one does who has talked to somebody: whoever is silent is to be
seen off with a goodbye."""
BETWEEN_KEYS = 0.5
NO_TWIML = frozenset({CONTENT_TYPE, UNREADABLE, NOT_TWIML})


@dataclass(frozen=True)
class Outcome:
    """What became of a call: all that was `said` to the caller, in order, and how it ended."""

    number: str
    wish: str
    way: Way
    said: tuple[str, ...]
    talked: bool
    spoke: bool
    failures: tuple[ApplicationFailure, ...]
    transcript: str
    signs_seen: int
    last_sign: float
    """When, by our clock, the caller last noticed that something was wrong."""

    def was_told(self, words: str) -> int:
        """How often something was said."""
        return sum(one.count(words) for one in self.said)

    @property
    def was_no_twiml(self) -> bool:
        """Whether an answer was not valid TwiML."""
        return any(failure.code in NO_TWIML for failure in self.failures)

    @property
    def is_dropped(self) -> bool:
        """Left without a person, a promise or a goodbye, or with the telephone company's own apology."""
        helped = (
            self.talked
            or self.spoke
            or bool(self.said and "Goodbye" in self.said[-1])
            or any(map(self.was_told, PROMISES))
        )
        return self.way is Way.FAILED or self.was_no_twiml or not helped


TEXT = "We will text you in a few minutes"
REMINDER = "We will remind you by text"
CALL_BACK = "You are on our list"
MESSAGE = "We have passed your message on"
MESSAGE_HELD = "We have your message"
PROMISES = (TEXT, REMINDER, CALL_BACK, MESSAGE, MESSAGE_HELD)
"""What is said once something is promised."""


class Caller(Ear):
    """Dials from a number, presses what leads to the wish, now and then something else, and waits for the end."""

    def __init__(self, town: Town, number: str, wish: Wish) -> None:
        voice = f"{PUBLIC_URL}/voice"
        super().__init__(
            town, Line(Leg(number, HELPLINE_NUMBER), Transcript(clock=town.now), voice, read(town.fallback))
        )
        self._wish, self._number = wish, number
        self._keys: deque[str] = deque()
        self._turns = 0
        self._spoke = False
        self._heard_to = 0

    async def calls(self) -> Outcome:
        """The whole call."""
        way = await self.plays(self.line.plays(self.line.asks(f"{PUBLIC_URL}/voice", "POST")))
        await asyncio.gather(*self.telling)
        await self.tells(Webhook("POST", f"{PUBLIC_URL}/voice/status", self.line.leg.form("completed")))
        tape = self.line.tape
        told = [entry.at for entry in tape.entries if entry.who in (HELPLINE, LINE) and is_one(entry.text)]
        return Outcome(
            number=self._number,
            wish=self._wish.name,
            way=way,
            said=self._said(),
            talked=self.talked,
            spoke=self._spoke,
            failures=tuple(self.line.failures),
            transcript=str(tape),
            signs_seen=len(told),
            last_sign=self.town.began + max(told, default=0.0) / SPEED,
        )

    def presses(self, listen: Listen) -> tuple[str, float] | None:
        """One key after the other of what is wished for, or none."""
        if not listen.begun:
            self._keys = deque(self._chosen())
            said = seconds_of(listen.sounds)
            return (self._keys.popleft(), said * self.town.random.uniform(0.3, 1.1)) if self._keys else None
        return (self._keys.popleft(), BETWEEN_KEYS) if self._keys else None

    def says(self) -> Voice | Silence:
        """A message, ended with hash, or by hanging up, or with silence; or nothing."""
        ends = self.town.random.choice(("#", "#", "hang up", "", "silence"))
        if ends == "silence":
            return Silence()
        self._spoke = True
        return Voice(
            "My name is Sam and please ring me about the school", ends if ends == "#" else "", ends == "hang up"
        )

    def _chosen(self) -> str:
        heard = " ".join(self._said()[self._heard_to :])
        self._heard_to = len(self._said())
        self._turns += 1
        if self._turns > MOST_TURNS or self.talked:
            return to_the_end(heard) or ""
        fulfilled = any(self._wish.promise in one for one in self._said())
        return self._wish.keys(heard, self._number, fulfilled, self.town.random) or ""

    def _said(self) -> tuple[str, ...]:
        tape = self.line.tape
        return tuple(entry.text for entry in tape.entries if entry.who == HELPLINE and entry.ear == tape.ear)
