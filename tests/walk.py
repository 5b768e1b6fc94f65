"""A walk over the real helpline: every step a caller can come to, with everything that can happen there.

It is taken on several days, so that the deadline stands every way it can, numbers are fresh or out of date,
advisers are there or not, and the phone is a mobile or not. Whatever is promised is kept, and not kept, in every way.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from ivr.app import load
from ivr.engine.events import DialEnded, Digits, Event, NoInput, Outcome
from ivr.engine.memory import Memory
from ivr.engine.promises import Kept, Promise
from ivr.engine.run import Owed, Reply, begin, run, settle
from ivr.engine.verbs import Dial, Gather, Hangup, Pause, Say, Turn
from ivr.helpline.desk import HelplineDesk
from ivr.helpline.notes import dates_ahead

HELPLINE = load()
SERVICE = HELPLINE.service
TEXTS = "texts"
"""The flow that all flows lead to for a text."""
WORDS_A_SECOND = 150 / 60
ADVISERS = ("+447700900001", "+447700900002")
NO_DATES = ("31022026", "29022026", "01012031", "01011999", "1410", "1410*", "5")
"""Impossible, to come, long ago, unfinished, begun again."""
MOBILES = ("07700900456", "01632960456", "09098790456", "07000900456", "07600900456", "00336123456", "0770", "0770*")
"""One that can be texted; a landline, a premium, a personal number, a pager, one abroad; unfinished, begun again."""


@dataclass(frozen=True)
class World:
    """A day, the dates that callers key in on it, and what the operator has set."""

    name: str
    today: date
    letter: str
    certificate: str
    advisers: tuple[str, ...] = ADVISERS
    number: str | None = "01632 960000"
    caller: str = "+447700900123"

    @property
    def desk(self) -> HelplineDesk:
        return HelplineDesk(self.today, HELPLINE.contacts, self.advisers, self.number, "on weekdays", self.caller)

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
)

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
    promises: dict[Promise, set[str]] = field(default_factory=dict)
    """What was promised, and where calls go after that."""

    @property
    def replies(self) -> list[Reply]:
        """Everything that callers hear, each once: two ways to one place may have other words on the way."""
        every = [*self.begun, *(after for _, _, after in self.moves)]
        return list({(reply.at, reply.turn.verbs): reply for reply in every}.values())

    def after(self, keys: str) -> list[tuple[Reply, Reply]]:
        """What follows from keys, wherever they can be pressed."""
        return [(before, after) for before, event, after in self.moves if event == Digits(keys)]

    def settled(self, reply: Reply | Owed) -> Iterator[Reply]:
        """What follows, whatever becomes of a promise."""
        if isinstance(reply, Reply):
            yield reply
            return
        where = self.promises.setdefault(reply.promise, set())
        for how in Kept:
            for after in self.settled(settle(SERVICE, reply, how, self.world.desk)):
                where.add(after.at)
                yield after


@cache
def walk(world: World) -> Walk:
    """Everywhere a call can come to in a world, however it begins."""
    entries = (SERVICE.answer, SERVICE.lost, SERVICE.broken)
    taken = Walk(world, [only(begin(SERVICE, entry, world.desk)) for entry in entries])
    ahead = deque(taken.begun)
    while ahead:
        reply = ahead.popleft()
        if place(reply, world) in taken.first:
            continue
        taken.first[place(reply, world)] = reply
        for event in events(reply, world):
            for after in taken.settled(run(SERVICE, reply.at, reply.memory, event, world.desk)):
                taken.moves.append((reply, event, after))
                ahead.append(after)
    return taken


def only(reply: Reply | Owed) -> Reply:
    """A reply where nothing can have been promised."""
    assert isinstance(reply, Reply), reply
    return reply


def place(reply: Reply, world: World) -> Place:
    """Where a call is, as far as what follows depends on it: answers matter in the flow that asked for them.

    Besides, the flow that texts are asked for in goes on by the date that the caller is to be reminded of.
    """
    memory, flow = reply.memory, reply.at.partition("/")[0]
    own = {getattr(step, "keep", None) for at, step in SERVICE.steps.items() if at.startswith(f"{flow}/")}
    notes = sorted((name, value) for name, value in memory.notes.items() if name in own)
    date = dates_ahead(memory.notes, world.today) if flow == TEXTS else None
    return reply.at, memory.attempts, memory.page, memory.tried, tuple(notes), date


def events(reply: Reply, world: World) -> Iterable[Event]:
    """All that can happen to a call that waits here; nothing, when it is over."""
    last = reply.turn.verbs[-1]
    if isinstance(last, Hangup):
        return ()
    if isinstance(last, Dial):
        return map(DialEnded, Outcome)
    longer = {1: (), 8: (world.letter, world.certificate, *NO_DATES), 11: MOBILES}[asks(reply)]
    return (NoInput(), *(Digits(keys) for keys in (*"0123456789*#", *longer)))


def asks(reply: Reply) -> int:
    """How many keys are waited for; 0 when none are."""
    return next((verb.num_digits for verb in reply.turn.verbs if isinstance(verb, Gather)), 0)


def rings(reply: Reply) -> str | None:
    """Who is rung."""
    return next((verb.number for verb in reply.turn.verbs if isinstance(verb, Dial)), None)


def seconds(turn: Turn) -> float:
    """How long a turn speaks, at 150 words a minute."""
    says = [say for verb in turn.verbs for say in spoken(verb)]
    return sum(seconds_of(part) for say in says for part in say.speech)


def seconds_of(part: str | Pause) -> float:
    """How long words or a silence take."""
    return part.milliseconds / 1000 if isinstance(part, Pause) else len(part.split()) / WORDS_A_SECOND


def spoken(verb: object) -> tuple[Say, ...]:
    """What is said in a verb."""
    if isinstance(verb, Gather):
        return verb.say
    return (verb,) if isinstance(verb, Say) else ()


def in_silence(reply: Reply, world: World) -> Iterator[Reply]:
    """What is said to a caller who does nothing from here on, while nobody we ring answers; perhaps without end."""
    while not isinstance(reply.turn.verbs[-1], Hangup):
        event: Event = DialEnded(Outcome.unanswered) if rings(reply) else NoInput()
        reply = only(run(SERVICE, reply.at, reply.memory, event, world.desk))
        yield reply


def fresh(reply: Reply, world: World) -> Reply:
    """What a caller hears who comes to the place of a reply for the first time."""
    return only(begin(SERVICE, reply.at, world.desk, Memory(notes=reply.memory.notes, trail=reply.memory.trail)))
