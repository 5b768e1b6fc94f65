"""One end of a call, played in the town's own time: it really waits where the other only counts."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from typing import Any

from ivr.phone.bridge import Bridge
from ivr.phone.exchange import Webhook
from ivr.phone.failure import ApplicationFailure
from ivr.phone.far_end import FAR_ENDS, FarEnd
from ivr.phone.line import Line
from ivr.phone.office_queue import MOST, Place
from ivr.phone.office_recording import Recording as Kept
from ivr.phone.speech import seconds_of
from ivr.phone.stops import (
    Ask,
    Hold,
    Join,
    Joined,
    Keep,
    Key,
    Listen,
    Load,
    Recording,
    Ring,
    Silence,
    Stop,
    Take,
    Taken,
    Talk,
    Voice,
    Way,
)
from ivr.phone.verbs import Document
from torture.town import SPEED, Town

Play = Generator[Stop, Any, Way]
BEHAVIOURS = ("accepts", "accepts", "accepts", "no_answer", "busy", "declines", "mailbox")
"""How those behave who are rung; the first is the likeliest."""
NEWS_AFTER = 2.0
"""Seconds until we are told that a recording is there."""


class Ear:
    """Plays a line. Whoever listens at this end decides what is pressed and said (`presses`, `says`)."""

    def __init__(self, town: Town, line: Line) -> None:
        self.town, self.line, self.exchange = town, line, town.exchange()
        self._taken: asyncio.Future[Bridge] = asyncio.get_running_loop().create_future()
        self.talked = False
        self.telling: set[asyncio.Task[None]] = set()

    async def plays(self, play: Play) -> Way:
        """Play to the end, and say how it ended."""
        step: Callable[[], Stop] = partial(next, play)
        while True:
            try:
                stop = step()
            except StopIteration as end:
                return Way(end.value)
            step = await self._goes_on(play, stop)

    def presses(self, listen: Listen) -> tuple[str, float] | None:
        """The key that is pressed, and after how many seconds; None for none."""
        return None

    def says(self) -> Voice | Silence:
        """What is spoken into a recording."""
        return Silence()

    async def _goes_on(self, play: Play, stop: Stop) -> Callable[[], Stop]:
        await self.town.until(self.line.tape.clock)
        self.line.tape.clock = max(self.line.tape.clock, self.town.now)
        try:
            answer = await self._answer(stop)
        except Taken as taken:
            sounds = stop.sounds if isinstance(stop, Hold | Listen) else ()
            self.line.passes(sounds, max(0.0, self.town.now - self.line.tape.clock))
            return partial(play.throw, taken)
        return partial(play.send, answer)

    async def _answer(self, stop: Stop) -> object:
        match stop:
            case Ask() | Load():
                return await self._asks(stop)
            case Hold(sounds):
                await self._lets_pass(seconds_of(sounds))
            case Listen():
                return await self._listens(stop)
            case Recording():
                return self.says()
            case Keep():
                return self._keeps(stop)
            case Ring():
                return self._far_end()
            case Talk(seconds=seconds, bridge=bridge):
                self.talked = True
                await self.town.until(bridge.over if bridge else self.line.tape.clock + seconds)
            case Join(queue, most):
                return self._joins(queue, most)
            case Take(queue):
                return self._takes(queue)
            case Joined(bridge):
                await self.town.until(bridge.over)
        return Silence()

    async def _lets_pass(self, seconds: float) -> None:
        """Wait, unless somebody comes meanwhile to fetch this end out of a queue."""
        waited = asyncio.create_task(self.town.until(self.line.tape.clock + seconds))
        either: list[asyncio.Future[Any]] = [waited, self._taken]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        waited.cancel()
        self._is_fetched()

    def _is_fetched(self) -> None:
        if self._taken.done():
            bridge, self._taken = self._taken.result(), asyncio.get_running_loop().create_future()
            raise Taken(bridge)

    async def _asks(self, stop: Ask | Load) -> Document | float | ApplicationFailure:
        answer: Document | float | ApplicationFailure
        try:
            answer = await (self.exchange.document(stop) if isinstance(stop, Ask) else self.exchange.sound(stop.url))
        except ApplicationFailure as failure:
            answer = failure
        self._is_fetched()
        return answer

    async def _listens(self, listen: Listen) -> Key | Silence:
        pressed = self.presses(listen)
        if pressed is None:
            await self._lets_pass(seconds_of(listen.sounds) + listen.timeout)
            return Silence()
        key, after = pressed
        at = self.line.tape.clock + after
        await self._lets_pass(after)
        return Key(key, at)

    def _keeps(self, keep: Keep) -> Kept:
        recording = self.town.office.keeps(self.line.leg.sid, keep.words, keep.seconds)
        task = asyncio.create_task(self._tells_of(recording, keep))
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)
        return recording

    async def _tells_of(self, recording: Kept, keep: Keep) -> None:
        status = "completed" if keep.words else "absent"
        await asyncio.sleep(NEWS_AFTER / SPEED)
        recording.status = status
        if keep.news and status in keep.events:
            about = {name: keep.news.form[name] for name in ("AccountSid", "CallSid")}
            form = about | {"RecordingStatus": status} | recording.news()
            await self.tells(Webhook(keep.news.method, keep.news.url, form))

    async def tells(self, news: Webhook) -> None:
        """Post news that nobody waits for: it comes once, and the company does not care whether it arrives."""
        with suppress(ApplicationFailure):
            await self.exchange.tells(news)

    def _far_end(self) -> FarEnd:
        return FAR_ENDS[self.town.random.choice(BEHAVIOURS)]

    def _joins(self, name: str, most: int) -> Place | None:
        queue = self.town.office.queue(name, most)
        if len(queue.places) >= min(most, MOST):
            return None
        place = Place(queue, self.line.leg.sid, self.line.tape.clock, self._is_taken)
        queue.places.append(place)
        return place

    def _is_taken(self, bridge: Bridge) -> None:
        if not self._taken.done():
            self._taken.set_result(bridge)

    def _takes(self, name: str) -> Bridge | str:
        queue = self.town.queue(name)
        if queue is None:
            return "failed"
        if not queue.places:
            return "no-answer"
        place, now = queue.places[0], self.town.now
        place.leaves(now)
        bridge = Bridge(self.line.ear, place.call, now, FAR_ENDS["accepts"].talks / 2, lingers=False)
        self.line.tape.connects(self.line.ear, now)
        place.taken(bridge)
        return bridge
