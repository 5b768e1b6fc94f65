"""A session: calls to the helpline from the page, with everybody else's telephones and a clock."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cached_property, partial
from pathlib import Path

from ivr.simulator.browser.answers import Answers
from ivr.simulator.browser.call_path import CallPaths
from ivr.simulator.browser.callee_phones import CalleePhones
from ivr.simulator.browser.caller_handset import CallerHandset
from ivr.simulator.browser.caller_voice import speak_as_caller
from ivr.simulator.browser.helpline_source import Desk, HelplineSource
from ivr.simulator.browser.interruptions import Interruptions
from ivr.simulator.browser.journal import Journal, Restored
from ivr.simulator.browser.live_phone import LivePhone
from ivr.simulator.browser.recorded_actions import RecordedAction
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.browser.request_log import HELPLINE, PROVIDER, RequestLog
from ivr.simulator.browser.text_messages import TextMessages
from ivr.simulator.exchanges import Observed
from ivr.simulator.network.callee import UNDECIDED
from ivr.simulator.network.clock import Clock
from ivr.simulator.network.waits import AwaitDigits, AwaitSpeech
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.environment import AppProcess, Environment
from ivr.simulator.scenarios.player import Player, StepFailed
from ivr.simulator.scenarios.reader import read_scenario
from ivr.simulator.scenarios.scenario import CALLERS, Scenario
from ivr.simulator.twiml.timing import duration

DAILY_TICK = time(10)
"""When the worker runs on each day that the clock is moved over, so that what is due that day is done that day."""
MAX_ADVANCE = timedelta(days=400)
LIVE_TICK_SECONDS = 5.0
"""Seconds of a call between runs of the worker."""
WORKER = "those of IVR_ADVISERS, and a worker who rings them"
"""The `rota` of a scenario in which callers wait in a queue."""


STARTS = "starts"
"""The recorded action of a call that begins at a step: no scenario can begin so."""


def blank_scenario(at: datetime, caller: str) -> Scenario:
    """Return a scenario without steps, in which every telephone rings until somebody decides how it is answered."""
    return Scenario("", "", at, CALLERS.get(caller, caller), {}, {}, UNDECIDED, (), WORKER)


class Session:
    """One session. `lock` is held during an action; `failure` is the step at which a replayed scenario stopped.

    What is done in it is written into its `journal`; `restored` says how it came out if it was played again from that.

    `hours` are those of the helpline at the last look; `put_off_from` is the real time at which nobody would have
    answered, if the session began later for that reason.
    """

    def __init__(self, source: HelplineSource, scenario: Scenario, language: str | None = None) -> None:
        self.source, self.language = source, language
        self.lock = asyncio.Lock()
        self.failure: StepFailed | None = None
        self.journal: Journal | None = None
        self.restored: Restored | None = None
        self.answers = Answers()
        self.edition = source.edition
        self._helpline = source.opens(language)
        self.paths = CallPaths()
        self.requests = RequestLog(self._moment, self._helpline.take_traces, self.paths.add)
        self.player = Player(scenario, self._process, source.number, LivePhone)
        self.phone = self._live(self.player.phone)
        self.is_dialled = False
        self.first_entry = 0
        self.began_at = scenario.at
        self.interruptions = Interruptions()
        self.callee_phones = CalleePhones(lambda: self.phone)
        self.handset = CallerHandset(lambda: self.phone.carrier)
        self.text_messages = TextMessages(self.player)
        self._last_tick = 0.0
        self._is_call_unsettled = False
        self.hours = source.hours(scenario.at)
        self._looked_at = scenario.at
        self.put_off_from: datetime | None = None

    @cached_property
    def desk(self) -> Desk:
        """The adviser's desk beside the telephone, opened when somebody looks at it first."""
        return self._helpline.desk(self.catch_up)

    def _process(self, environment: Environment) -> AppProcess:
        """Start the helpline, with every request to it and from it in the log."""
        environment.twilio.observe = self.requests.observer(HELPLINE)
        started = self._helpline.process(environment)
        return replace(started, app=Observed(started.app, self.requests.observer(PROVIDER)))

    def _moment(self) -> tuple[float, datetime]:
        return self.clock.seconds, self.clock()

    @property
    def clock(self) -> Clock:
        """The clock of this session."""
        return self.player.clock

    @property
    def spoken_language(self) -> str:
        """The tag of the language in which calls begin."""
        return self.language or next(iter(self.source.languages()), "en-GB")

    @property
    def is_calling(self) -> bool:
        """True if a call is in progress."""
        return self.is_dialled and not self.phone.ended

    async def replay(self) -> None:
        """Play the scenario as far as it goes as written."""
        self.phone.live = False
        try:
            for step in self.player.scenario.steps:
                await self.player.play_step(step)
        except StepFailed as failure:
            self.failure = failure
        self.interruptions.find(self.phone.carrier.entries)
        self.phone.live = self.is_dialled = True
        await self._tick()
        if isinstance(wait := self.phone.pending, AwaitDigits):  # the scenario has heard what is said now, to its end
            await self.listen(self.phone.transcript.clock + duration(wait.sounds))

    async def reload(self) -> None:
        """Go on in the prompts and flows as they are on disk now."""
        await self.source.look()
        self.edition = self.source.edition

    async def look_at_hours(self) -> None:
        """Find out whether somebody would answer now, and what falls due next."""
        self._looked_at = self.clock()
        self.hours = await self._helpline.hours(self._looked_at)

    @property
    def hours_are_old(self) -> bool:
        """True if a minute has passed since the last look at the hours."""
        return self.clock() - self._looked_at >= timedelta(minutes=1)

    async def dial(self, caller: str) -> None:
        """Call the helpline from a number. Raises ActionRefused while there is a call, or this telephone rings."""
        if self.is_calling:
            raise ActionRefused("There is a call already: hang up first.")
        self._refuse_while_rung()
        self._take_phone(_number(caller))
        await self._dial("dials")

    async def start_at(self, step: str, given: Mapping[str, str], caller: str) -> None:
        """Begin a call at a step, with what it must know there; a call that goes on is hung up first."""
        self._refuse_while_rung()
        number = _number(caller)
        self.source.entry(step, given, self.clock().date(), number)
        phone = self._another(number)
        self._helpline.begin_at(phone.line.leg.sid, step, given, number)
        if self.is_calling:
            await self.hang_up()
        self.phone = phone
        await self._dial(STARTS)

    def _refuse_while_rung(self) -> None:
        if self.handset.incoming:
            raise ActionRefused("The helpline rings you: answer or decline that call first.")

    async def _dial(self, recorded: str) -> None:
        self.first_entry = len(self.phone.carrier.entries)
        self.is_dialled, self.began_at = True, self.clock()
        self._is_call_unsettled = True
        self.phone.recorded.append(RecordedAction(self.phone.now, recorded))
        await self.phone.dials()

    def _take_phone(self, number: str) -> None:
        if self.is_dialled or number != self.phone.line.leg.caller:
            self.phone = self._another(number)

    def _another(self, number: str) -> LivePhone:
        return self._live(self.player.phone.another(number))

    async def press(self, key: str) -> None:
        """Press a key of the telephone. Raises ActionRefused without a call, or while a message is recorded."""
        self._require_call()
        if isinstance(self.phone.pending, AwaitSpeech):
            raise ActionRefused("A message is being recorded: say something, then end it.")
        begun = isinstance(self.phone.pending, AwaitDigits) and self.phone.pending.begun
        self.phone.recorded.press(self.phone.now, key, begun)
        await self.phone.presses(key)

    async def say(self, words: str, key: str = "", hangs_up: bool = False) -> None:
        """Speak into a recording."""
        self._require_call()
        if not isinstance(self.phone.pending, AwaitSpeech):
            raise ActionRefused("Nothing is being recorded.")
        fields = {"words": words} | ({"key": key} if key else {}) | ({"hangs_up": "told"} if hangs_up else {})
        self.phone.recorded.append(RecordedAction(self.phone.now, "says", fields=fields))
        await self.phone.says(words, key=key, hangs_up=hangs_up)
        while hangs_up and self.is_calling:  # the words were said before they were sent
            await self.listen(self.phone.due)

    async def pick_up(self) -> None:
        """Answer the helpline, which rings the caller."""
        if self.is_calling:
            raise ActionRefused("You are in a call: hang up first, or decline this one.")
        self.handset.answer()
        await self.phone.listen(self.phone.now)

    async def decline(self) -> None:
        """Decline the call with which the helpline rings the caller."""
        self.handset.decline()
        await self.phone.listen(self.phone.now)

    async def hang_up(self, words: str = "") -> None:
        """Hang up; the words that have been said into a recording by then are in it."""
        if not self.is_calling and self.handset.incoming:
            self.handset.hang_up()
            await self.phone.listen(self.phone.now)
            return
        self._require_call()
        if words and isinstance(self.phone.pending, AwaitSpeech):
            await self.say(words, hangs_up=True)
            return
        self.phone.recorded.append(RecordedAction(self.phone.now, "hangs_up"))
        await self.phone.hangs_up()

    async def listen(self, until: float) -> None:
        """Let time pass until a second of the simulated clock.

        It passes from one event to the next, so that nothing depends on how often this is called.
        """
        await self._tick_if_due()
        while (event := min(self.phone.next_event, self._next_tick)) <= until:
            await self._listen(event)
        await self._listen(until)

    async def _listen(self, until: float) -> None:
        silences, waiting = self.phone.silences, self.phone.waiting
        with self.interruptions.watch(self.phone.carrier):
            await self.phone.listen(until)
        if not waiting:
            silent = self.phone.silences - silences
            self.phone.recorded += [RecordedAction(self.phone.now, "waits") for _ in range(silent)]
        await self._tick_if_due()

    @property
    def _next_tick(self) -> float:
        return self._last_tick + LIVE_TICK_SECONDS

    async def _tick_if_due(self) -> None:
        """Run the worker, if some seconds have passed or a call has ended since it ran."""
        if self.phone.now >= self._next_tick or (self._is_call_unsettled and not self.is_calling):
            await self._tick()

    async def advance_to(self, moment: datetime) -> None:
        """Move the clock forward between calls, with a run of the worker on each day."""
        if self.is_calling or self.handset.incoming:
            raise ActionRefused("Hang up first: in a call, time passes as it does.")
        if moment - self.clock() > MAX_ADVANCE:
            raise ActionRefused("At most a year and a bit at a time.")
        while (morning := _next_tick(self.clock())) < moment:
            await self._advance_and_tick(morning)
        await self._advance_and_tick(moment)

    async def _advance_and_tick(self, moment: datetime) -> None:
        carrier = self.phone.carrier
        await carrier.run_until(carrier.now + (moment - self.clock()).total_seconds())
        await self._tick()

    async def catch_up(self) -> None:
        """Let the worker see to what staff have done at their desk, and telephones ring that are to; no time passes."""
        async with self.lock:
            await self._tick()
            await self.phone.listen(self.phone.now)

    async def _tick(self) -> None:
        """Run the worker, and wait for the status callbacks."""
        self._last_tick, self._is_call_unsettled = self.phone.now, self.is_calling
        await self.player.tick()
        await self.player.twilio.callbacks_delivered()

    def _require_call(self) -> None:
        if not self.is_calling:
            raise ActionRefused("There is no call: dial first.")

    def _live(self, phone: Phone) -> LivePhone:
        assert isinstance(phone, LivePhone)  # noqa: S101 - the player was told to make one
        phone.live, phone.speaks = True, partial(speak_as_caller, self.spoken_language)
        return phone

    async def worklist(self) -> Sequence[str]:
        """Return one sentence for each caller who waits for staff."""
        return await self._helpline.worklist()

    async def close(self) -> None:
        """Close the desk and the helpline, and delete its database."""
        if "desk" in self.__dict__:
            await self.desk.close()
        await self._helpline.close()


def _number(caller: str) -> str:
    """Return the number of a caller by name. Raises ActionRefused for a name that no caller has."""
    if caller not in CALLERS:
        raise ActionRefused(f"Only {', '.join(CALLERS)} can ring.")
    return CALLERS[caller]


def _next_tick(now: datetime) -> datetime:
    today = datetime.combine(now.date(), DAILY_TICK, now.tzinfo)
    return today if today > now else datetime.combine(now.date() + timedelta(days=1), DAILY_TICK, now.tzinfo)


def session_for_scenario(source: HelplineSource, path: Path) -> Session:
    """Return a session in which a scenario is about to be played. Raises ScenarioError."""
    return Session(source, read_scenario(path))
