"""One trial: calls to the helpline as they are tried at the page, with everybody else's telephones and a clock."""

import asyncio
from datetime import datetime, time, timedelta
from pathlib import Path

from ivr.phone.browser.cuts import Cuts
from ivr.phone.browser.deeds import Deed, Deeds
from ivr.phone.browser.house import House
from ivr.phone.browser.live import LivePhone
from ivr.phone.browser.not_now import NotNow
from ivr.phone.browser.others import Others
from ivr.phone.browser.texts import Texts
from ivr.phone.clock import Clock
from ivr.phone.far_end import RINGING
from ivr.phone.scene import Scene
from ivr.phone.script import CALLERS, Script, read_script
from ivr.phone.stops import Listen, Recording

REMINDED_AT = time(10)
"""By the clock on the wall: whatever is due on a day is seen to at this hour when the days go by fast."""
LONGEST_WAY = timedelta(days=400)
A_ROUND = 5.0
"""Seconds that pass in a call before whoever works beside it looks whether there is anything to do."""


def blank(at: datetime, caller: str) -> Script:
    """A call of which nothing is decided yet: every telephone rings until somebody says what becomes of it."""
    return Script("", "", at, CALLERS.get(caller, caller), {}, {}, RINGING, (), WORKER)


WORKER = "those of IVR_ADVISERS, and a worker who rings them"
"""A script's `rota` where callers wait in the queue."""


class Trial:
    """`lock` is held by whoever does something in it; `went_otherwise` is what a script that was replayed came to."""

    def __init__(self, house: House, script: Script, language: str | None = None) -> None:
        self.house, self.language = house, language
        self.lock = asyncio.Lock()
        self.went_otherwise = ""
        self.edition = house.edition
        self._opened = house.opens(language)
        self.scene = Scene(script, self._opened.process, house.number, LivePhone)
        self.phone = self._first()
        self.is_dialled = False
        self.first_line = 0
        self.began_at = script.at
        self.deeds = Deeds()
        self.cuts = Cuts()
        self.others = Others(self)
        self.texts = Texts(self)
        self._rested = 0.0

    def _first(self) -> LivePhone:
        phone = self.scene.phone
        assert isinstance(phone, LivePhone)  # noqa: S101 - the scene was told to make one
        phone.live = True
        return phone

    @property
    def clock(self) -> Clock:
        """The time of day in this trial."""
        return self.scene.clock

    @property
    def is_calling(self) -> bool:
        """Whether a call goes on."""
        return self.is_dialled and not self.phone.ended

    async def replays(self) -> None:
        """Play the script, as far as it goes as it is written."""
        self.phone.live = False
        try:
            for step in self.scene.script.steps:
                await self.scene.does(step)
        except AssertionError as otherwise:
            self.went_otherwise = str(otherwise)
        self.phone.live = self.is_dialled = True
        await self._is_beside()

    async def looks(self) -> None:
        """From here on with the words and flows that are on disk now."""
        await self.house.look()
        if self.edition != self.house.edition:
            self.edition = self.house.edition
            self.scene.phone.app = self.scene.app()

    async def dials(self, caller: str) -> None:
        """A caller rings."""
        if self.is_calling:
            raise NotNow("There is a call already: hang up first.")
        number = CALLERS.get(caller)
        if number is None:
            raise NotNow(f"Only {', '.join(CALLERS)} can ring.")
        await self._is_ready_for(number)
        self.is_dialled, self.began_at, self.deeds = True, self.clock(), Deeds()
        self.deeds.append(Deed(self.phone.now, "dials"))
        await self.phone.dials()

    async def _is_ready_for(self, caller: str) -> None:
        self.first_line = len(self.phone.company.entries)
        if self.is_dialled or caller != self.phone.line.leg.caller:
            phone = self.scene.phone.another(caller)
            assert isinstance(phone, LivePhone)  # noqa: S101 - of the same make
            phone.live = True
            self.phone = phone

    async def presses(self, key: str) -> None:
        """The caller presses a key."""
        self._needs_a_call()
        if isinstance(self.phone.stop, Recording):
            raise NotNow("A message is being recorded: say something, then end it.")
        begun = isinstance(self.phone.stop, Listen) and self.phone.stop.begun
        self.deeds.presses(self.phone.now, key, begun)
        await self.phone.presses(key)

    async def says(self, words: str, key: str = "", hangs_up: bool = False) -> None:
        """The caller says something into a recording."""
        self._needs_a_call()
        if not isinstance(self.phone.stop, Recording):
            raise NotNow("Nothing is being recorded.")
        fields = {"words": words} | ({"key": key} if key else {}) | ({"hangs_up": "told"} if hangs_up else {})
        self.deeds.append(Deed(self.phone.now, "says", fields=fields))
        await self.phone.says(words, key=key, hangs_up=hangs_up)

    async def hangs_up(self) -> None:
        """The caller puts the receiver down."""
        self._needs_a_call()
        self.deeds.append(Deed(self.phone.now, "hangs_up"))
        await self.phone.hangs_up()

    async def listens(self, until: float) -> None:
        """Time passes on the telephone."""
        silences, waiting = self.phone.silences, self.phone.waiting
        await self.phone.listens(until)
        if not waiting:
            self.deeds += [Deed(self.phone.now, "waits") for _ in range(self.phone.silences - silences)]
        if self.phone.now >= self._rested + A_ROUND or not self.is_calling:
            await self._is_beside()

    async def goes_to(self, moment: datetime) -> None:
        """Let the days go by until a moment that lies ahead; what falls due on the way is done on its day."""
        if self.is_calling:
            raise NotNow("Hang up first: in a call, time passes as it does.")
        if moment - self.clock() > LONGEST_WAY:
            raise NotNow("At most a year and a bit at a time.")
        while (next_ := _next_morning(self.clock())) < moment:
            await self._passes_to(next_)
        await self._passes_to(moment)

    async def _passes_to(self, moment: datetime) -> None:
        company = self.phone.company
        await company.runs(company.now + (moment - self.clock()).total_seconds())
        await self._is_beside()

    async def _is_beside(self) -> None:
        """Whoever works beside the calls does what there is to do."""
        self._rested = self.phone.now
        await self.scene.works()
        await self.scene.office.has_told()

    def _needs_a_call(self) -> None:
        if not self.is_calling:
            raise NotNow("There is no call: dial first.")

    async def close(self) -> None:
        """Forget it all."""
        await self._opened.close()


def _next_morning(now: datetime) -> datetime:
    """The next time that the clock on the wall says so."""
    today = datetime.combine(now.date(), REMINDED_AT, now.tzinfo)
    return today if today > now else datetime.combine(now.date() + timedelta(days=1), REMINDED_AT, now.tzinfo)


def of_script(house: House, path: Path) -> Trial:
    """A trial in which a script is about to be played; raises ScriptError."""
    return Trial(house, read_script(path))
