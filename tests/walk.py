"""A walk over the real helpline: every step a caller can come to, with everything that can happen there.

It is taken on several days, so that the deadline stands every way it can, numbers are fresh or out of date,
advisers are there or not, we are open or not, and the phone is a mobile or not. Every effect succeeds, and fails,
in every way. There is no queue to wait in: `test_waiting.py` goes there.
"""

import gc
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cache, cached_property, lru_cache
from itertools import product

import pytest
from msgspec import structs

from ivr.engine.call_state import CallState
from ivr.engine.effects import (
    UNMEASURED,
    Effect,
    EffectStatus,
    RequestCallback,
    SaveRecording,
    StartHunt,
    SubmitVoicemail,
)
from ivr.engine.environment import Opening
from ivr.engine.events import DialEnded, DialStatus, Digits, EffectResult, Event, NoInput, Recorded
from ivr.engine.prompts import BLANK
from ivr.engine.run import PendingEffect, Reply, begin, resume_with, run
from ivr.engine.verbs import Dial, Gather, Hangup, Record
from ivr.helpline.call_variables import DECISION, announced_last_day, upcoming_date_of
from ivr.helpline.contacts import OURS
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.hours_format import WeeklyHours
from ivr.helpline.legal_rules import good_rules
from ivr.helpline.opening_hours import Closure, OpeningHours, Span
from ivr.helpline.rota import of_setting
from ivr.helpline.urgency import is_urgent
from ivr.helpline.working_days import england_and_wales
from ivr.loader import load
from tests.made_up import noon

HELPLINE = load()
SERVICE = HELPLINE.flows
TEXTS = "texts"
"""The flow that all flows lead to for a text."""
CALLBACKS = ("callbacks", "person")
VOICEMAIL = "callbacks/voicemail"
"""The question that a promise always follows: in silence too."""
DEADLINE, APPEAL = "deadline", "appeal"
"""The flows that go on by what the council decided, which is chosen in another."""
ON_THEIR_OWN = ("plan", "ending")
"""The decisions that are asked about otherwise than the rest, or lead elsewhere after the date."""
FOUND: dict[type[Effect], tuple[str, ...]] = {
    RequestCallback: ("", "again"),
    SaveRecording: ("", UNMEASURED),
    SubmitVoicemail: ("", "2026-12-22"),
}
"""The possible values of an effect's result, where they are neither an id nor a URL."""
RECORDED = (
    *(Recorded("RE1", 7, key=key) for key in ("", *"019*#")),
    *(Recorded("RE1", 1, key=key) for key in "019*#"),
    *(Recorded("RE1", None, key=key) for key in ("", *"09*#")),
    Recorded("RE1", 0),
    Recorded("RE1", 7, gone=True),
)
"""Words and what ended them; a key and no words; a caller who has hung up."""
SILENCE = (NoInput(), DialEnded(DialStatus.unanswered))
"""What happens to a caller who does nothing."""
ADVISERS = ("+447700900001", "+447700900002")
MEDIATION = "mediation"
NO_DATES = ("31022026", "29022026", "01012031", "01011999", "1410", "1410*", "5")
"""Impossible, to come, long ago, unfinished, begun again."""
NUMBERS = (
    *("07700900456", "01632960456", "08081570456", "09098790456", "07000900456", "07600900456", "00336123456"),
    *("00447700900", "0770", "0770*"),
)
"""A mobile, a landline; a service, a premium and a personal number, a pager, one abroad; one that goes on, one that is
unfinished, one that is begun again."""


CHRISTMAS = Closure(noon(date(2026, 12, 23)), noon(date(2027, 1, 3)), "short_of_staff")
OUR_HOURS = HELPLINE.hours
assert OUR_HOURS


class OneMoment(HelplineEnvironment, frozen=True, eq=False):
    """An environment that is asked the same many thousand times in a walk, and works it out once."""

    @cache  # noqa: B019  there is one for each world
    def numbers(self, who: str) -> tuple[str, ...]:
        return super().numbers(who)

    @cache  # noqa: B019
    def opening(self, who: str) -> Opening:
        return super().opening(who)


@dataclass(frozen=True, eq=False)
class World:
    """A day, the dates that callers key in on it, and what the operator has set."""

    name: str
    today: date
    letter: str
    certificate: str
    advisers: tuple[str, ...] = ADVISERS
    number: str | None = "01632 960000"
    caller: str = "+447700900123"
    hours: OpeningHours | None = None
    """Ours; without any we are open."""
    mediators: WeeklyHours | None = None
    """Theirs; without any they are worth a try."""
    rules_checked: bool = False
    """Whether somebody has checked the rules of law anew by then."""
    blocked: bool = False
    """Whether staff have blocked whoever calls."""

    @cached_property
    def environment(self) -> HelplineEnvironment:
        known = {"opens": self.mediators, "hours_sure": "V"} if self.mediators else {}
        contacts = {**HELPLINE.contacts, MEDIATION: HELPLINE.contacts[MEDIATION].model_copy(update=known)}
        advisers = of_setting(self.advisers)
        environment = OneMoment(noon(self.today), contacts, advisers, self.number, self.hours, self.caller)
        checked = date.min if self.rules_checked else self.today
        until = noon(date(2026, 12, 14)) if self.blocked else None
        return structs.replace(environment, good_rules=good_rules(HELPLINE.rules, checked), block_of=lambda _: until)

    @property
    def rung(self) -> tuple[str, ...]:
        """Those of ours who are rung."""
        return self.advisers if self.environment.opening(OURS).is_open and not self.blocked else ()

    def __str__(self) -> str:
        return self.name


WORLDS = (
    World("there is time", date(2026, 11, 23), "14102026", "20112026"),
    World("the last day, without a certificate", date(2026, 12, 14), "14102026", "20112026", caller="anonymous"),
    World("no working day is left", date(2026, 12, 19), "14102026", "20112026", number=None),
    World("the last day", date(2026, 12, 20), "14102026", "20112026"),
    World("the extension", date(2026, 12, 21), "14102026", "20112026"),
    World("passed", date(2026, 12, 22), "14102026", "20112026", advisers=("+447700900001",)),
    World("a weekend in August", date(2026, 8, 29), "30062026", "20072026"),
    World("the extension of August", date(2026, 8, 31), "30062026", "20072026"),
    World(
        "nobody to ring", date(2026, 11, 23), "28092026", "20112026", advisers=(), number=None, caller="+441632960123"
    ),
    World("facts out of date", date(2029, 2, 1), "10012029", "20012029"),
    World("past the bank holidays", date(2029, 2, 1), "10012029", "20012029", rules_checked=True),
    World("forms out of date, and dates far apart", date(2027, 3, 1), "14102026", "20022027"),
    World(
        "closed over Christmas",
        date(2026, 12, 23),
        "14102026",
        "20112026",
        hours=replace(OUR_HOURS, closures=(CHRISTMAS,)),
        mediators=WeeklyHours(thursday=(Span(time(9), time(17)),)),
    ),
    World("blocked", date(2026, 11, 23), "14102026", "20112026", blocked=True),
    World(
        "closed for good", date(2026, 11, 23), "14102026", "20112026", hours=OpeningHours({}), mediators=WeeklyHours()
    ),
)

in_every_world = pytest.mark.parametrize("world", WORLDS, ids=str)
"""For tests that look at one world; all those of a world go to one process (tests/xdist_order.py)."""

Place = tuple[object, ...]


@dataclass
class Walk:
    """All that can be met in one world: each place once, and what follows there from each event."""

    world: World
    begun: list[Reply]
    """How calls begin: a new one, one whose place was lost, one for which a step of ours was broken."""
    first: dict[Place, Reply] = field(default_factory=dict)
    """One of the replies that lead to a place."""
    moves: list[tuple[Reply, Event, Reply]] = field(default_factory=list)
    silent: dict[Place, set[Place]] = field(default_factory=dict)
    """Where calls come to from a place when the caller does nothing and nobody who is rung answers."""
    effects: dict[Effect, set[str]] = field(default_factory=dict)
    """Every effect, and where calls go after it."""

    @cached_property
    def replies(self) -> list[Reply]:
        """Everything that callers hear, each once: two ways to one place may have other words on the way."""
        every = [*self.begun, *(after for _, _, after in self.moves)]
        return list({(reply.at, reply.turn.verbs): reply for reply in every}.values())

    def after(self, keys: str) -> list[tuple[Reply, Reply]]:
        """What follows from keys, wherever they can be pressed."""
        return [(before, after) for before, event, after in self.moves if event == Digits(keys)]

    def come_in_silence(self, goal: Collection[Place], silences: int) -> set[Place]:
        """The places from which a caller who only stays silent comes to one of some others, within so many silences."""
        come = set(goal)
        for _ in range(silences):
            come |= {here for here, ahead in self.silent.items() if ahead <= come}
        return come

    def settled(self, reply: Reply | PendingEffect) -> Iterator[Reply]:
        """Return what follows, for every status of an effect."""
        reply = without_a_queue(reply, self.world)
        if isinstance(reply, Reply):
            yield reply
            return
        where = self.effects.setdefault(reply.effect, set())
        for how, found in product(EffectStatus, FOUND.get(type(reply.effect), ("found",))):
            for after in self.settled(resume_with(SERVICE, reply, EffectResult(how, found), self.world.environment)):
                where.add(after.at)
                yield after


@contextmanager
def all_is_kept() -> Iterator[None]:
    """Nothing is thrown away meanwhile: to look again and again for what might be takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@lru_cache(maxsize=1)  # tests of a world come one after another (tests/xdist_order.py), and a walk needs much memory
@all_is_kept()
def walk(world: World) -> Walk:
    """Everywhere a call can come to in a world, however it begins."""
    entries = (SERVICE.answer, SERVICE.lost, SERVICE.broken)
    taken = Walk(world, [only(begin(SERVICE, entry, world.environment), world) for entry in entries])
    taken.first = {place(reply, world): reply for reply in taken.begun}
    ahead = deque(taken.first.items())
    while ahead:
        here, reply = ahead.popleft()
        for event in events(reply, world):
            for after in taken.settled(run(SERVICE, reply.at, reply.state, event, world.environment)):
                taken.moves.append((reply, event, after))
                there = place(after, world)
                if there not in taken.first:
                    taken.first[there] = after
                    ahead.append((there, after))
                if event in SILENCE:
                    taken.silent.setdefault(here, set()).add(there)
    return taken


def only(reply: Reply | PendingEffect, world: World) -> Reply:
    """Return a reply without further effects."""
    reply = without_a_queue(reply, world)
    assert isinstance(reply, Reply), reply
    return reply


def without_a_queue(reply: Reply | PendingEffect, world: World) -> Reply | PendingEffect:
    """What follows when nobody hunts for advisers."""
    if isinstance(reply, PendingEffect) and isinstance(reply.effect, StartHunt):
        return resume_with(SERVICE, reply, EffectResult(EffectStatus.down), world.environment)
    return reply


def place(reply: Reply, world: World) -> Place:
    """Where a call is, as far as what follows depends on it: answers matter in the flow that asked for them.

    Those that a menu keeps are chosen anew whenever a call comes by, but for the council's decision. Besides, the flow
    that texts are asked for in goes on by the date that the caller is to be reminded of, and that of calls back by
    whether a date is near; its promise is said by the part of the day that was chosen before.
    """
    state, flow = reply.state, reply.at.partition("/")[0]
    variables = sorted((name, value) for name, value in state.variables.items() if name in noted_by(flow))
    date = upcoming_date_of(state.variables, world.today, england_and_wales()) if flow == TEXTS else None
    near = flow in CALLBACKS and is_urgent(
        announced_last_day(state.variables), world.today, world.today, england_and_wales()
    )
    part = state.variables.get("part") if reply.at == VOICEMAIL else None
    here = reply.at, state.attempts, state.page, state.tried
    return *here, tuple(variables), date, near, part, decided(flow, state)


def decided(flow: str, state: CallState) -> str:
    """The council's decision, as far as a flow goes on by it: after the date there are three sorts."""
    told = state.variables.get(DECISION, "") if flow in (DEADLINE, APPEAL) else ""
    return told if flow == APPEAL or told in ON_THEIR_OWN else ""


@cache
def noted_by(flow: str) -> set[str | None]:
    """The names under which the questions of a flow note their answers; menus and VOICEMAIL ask anew each time."""
    asked = ((at, step) for at, step in SERVICE.steps.items() if at.startswith(f"{flow}/"))
    asking = (step for at, step in asked if step.kind != "menu" and at != VOICEMAIL)
    return {getattr(step, "keep", None) for step in asking}


def events(reply: Reply, world: World) -> Iterable[Event]:
    """All that can happen to a call that waits here; nothing, when it is over."""
    last = reply.turn.verbs[-1]
    if isinstance(last, Hangup):
        return ()
    if isinstance(last, Dial):
        return map(DialEnded, DialStatus)
    if any(isinstance(verb, Record) for verb in reply.turn.verbs):
        return (NoInput(), *RECORDED)
    longer = {1: (), 3: ("456",), 8: (world.letter, world.certificate, *NO_DATES), 11: NUMBERS}[asks(reply)]
    return (NoInput(), *(Digits(keys) for keys in (*"0123456789*#", *longer)))


def asks(reply: Reply) -> int:
    """How many keys are waited for; 0 when none are."""
    return next((verb.num_digits for verb in reply.turn.verbs if isinstance(verb, Gather)), 0)


def rings(reply: Reply) -> str | None:
    """Who is rung."""
    return next((verb.number for verb in reply.turn.verbs if isinstance(verb, Dial)), None)


def fresh(reply: Reply, world: World) -> Reply:
    """What a caller hears who comes to the place of a reply for the first time."""
    state = CallState(variables=reply.state.variables, history=reply.state.history)
    return only(begin(SERVICE, reply.at, world.environment, state), world)


def is_in(name: str, text: str) -> bool:
    """Whether all the words of a sentence around its blanks are heard, or read."""
    return all(part.strip() in text for part in BLANK.split(SERVICE.words.text(name))[::2])
