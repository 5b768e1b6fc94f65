"""The keys of a test call, found by walking through the flows that are loaded: each county has menus of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import count

from ivr.canary.listening import ANSWERING, longest
from ivr.canary.rehearsal import QueueReply, after_effects
from ivr.engine.call_flows import CallFlows
from ivr.engine.effects import Effect, SendText, SubmitVoicemail
from ivr.engine.environment import Environment
from ivr.engine.events import Digits, NoInput, QueueEnded, QueueResult, Recorded
from ivr.engine.run import Reply, begin, run
from ivr.engine.verbs import Enqueue, Gather, Leave, Record, Say, Turn
from ivr.helpline.call_variables import FOR_A_DEADLINE, announced_last_day
from ivr.helpline.canary import Probe
from ivr.helpline.contacts import ADVISERS
from ivr.telephony.scripted_call import Act, Listen, Press, Speak

HEARS = 5
"""Seconds of each question that are listened to, before a key interrupts it."""
A_KEY = 0.5
"""Seconds of one tone."""
WORDS = "This is the daily test call. Nobody has to ring back."
SPEAKS = 8
"""Seconds that the words take, at most."""
LETTER_OF = timedelta(days=14)
"""How old the letter is whose date is typed: there is time to appeal."""
LONGEST, MOST_REPLIES = 120.0, 5_000
"""Seconds of a call, and answers that are looked at; what lies farther away is not found."""


@dataclass(frozen=True, slots=True)
class Way:
    """What is done to come to something: `at` is the step where it is, `last_day` the date that is then said."""

    acts: tuple[Act, ...]
    at: str
    last_day: date | None = None

    @property
    def seconds(self) -> float:
        """How long the call takes, at most."""
        return sum(map(_seconds, self.acts))

    @property
    def listening(self) -> list[tuple[float, float]]:
        """From when to when it listens, in seconds since it was answered."""
        spans, now = list[tuple[float, float]](), 0.0
        for act in self.acts:
            if isinstance(act, Listen):
                spans.append((now, now + act.seconds))
            now += _seconds(act)
        return spans


@dataclass(frozen=True)
class _Place:
    """Where a call can come to: what it hears, what it did to come here, and the effects of its last turn."""

    reply: Reply
    acts: tuple[Act, ...] = ()
    effects: tuple[Effect, ...] = ()
    queue: QueueReply | None = None
    seconds: float = 0.0

    @property
    def key(self) -> object:
        """What tells a place from another; two ways to the same place differ in seconds alone."""
        state = self.reply.state
        told = tuple(sorted((name, value) for name, value in state.variables.items() if value))
        queue = self.queue and (self.queue.reply.at, self.queue.left)
        return self.reply.at, state.page, state.tried, told, queue, type(self.reply.turn.verbs[-1])


Reached = Callable[[CallFlows, _Place], bool]


def _says_the_last_day(flows: CallFlows, place: _Place) -> bool:
    return any(flows.steps[at].wants() == FOR_A_DEADLINE for at in place.reply.path)


def _texts(flows: CallFlows, place: _Place) -> bool:
    return any(isinstance(effect, SendText) for effect in place.effects)


def _leaves_a_message(flows: CallFlows, place: _Place) -> bool:
    return any(isinstance(effect, SubmitVoicemail) for effect in place.effects)


def _rings_an_adviser(flows: CallFlows, place: _Place) -> bool:
    return flows.steps[place.reply.at].rings() == ADVISERS


GOALS: Mapping[Probe, Reached] = {
    Probe.deadline: _says_the_last_day,
    Probe.text: _texts,
    Probe.message: _leaves_a_message,
    Probe.adviser: _rings_an_adviser,
}


def ways(flows: CallFlows, environment: Environment) -> dict[Probe, Way]:
    """Return the quickest way to each thing that is to be proved; without one, what this content does not have now."""
    found: dict[Probe, Way] = {}
    missing = {probe for probe in GOALS if _may_be_reached(probe, flows, environment)}
    places = _nearest_first(flows, environment)
    while missing and (place := next(places, None)):
        for probe in [one for one in missing if GOALS[one](flows, place)]:
            found[probe] = _way(flows, place)
            missing.remove(probe)
    return found


def _may_be_reached(probe: Probe, flows: CallFlows, environment: Environment) -> bool:
    """Return whether there is a step for it at all, and somebody to be rung: else all would be searched for nothing."""
    match probe:
        case Probe.deadline:
            return any(step.wants() == FOR_A_DEADLINE for step in flows.steps.values())
        case Probe.adviser:
            return environment.opening(ADVISERS).is_open
    kind = {Probe.text: "text", Probe.message: "record"}[probe]
    return any(step.kind == kind for step in flows.steps.values())


def _way(flows: CallFlows, place: _Place) -> Way:
    reply = place.reply
    at = next((one for one in reply.path if flows.steps[one].wants() == FOR_A_DEADLINE), reply.at)
    rest = Listen(longest(reply.turn) + HEARS)
    return Way((*place.acts, rest), at, announced_last_day(reply.state.variables))


def _nearest_first(flows: CallFlows, environment: Environment) -> Iterator[_Place]:
    """Yield every place that a caller can come to, the nearest first."""
    start, effects, _ = after_effects(flows, begin(flows, flows.answer, environment), environment, None)
    order, seen = count(), set[object]()
    ahead = [(0.0, next(order), _Place(start, (), effects))]
    while ahead and len(seen) < MOST_REPLIES:
        seconds, _, place = heappop(ahead)
        if place.reply.state.attempts or place.key in seen or seconds > LONGEST:  # a wrong key leads nowhere
            continue
        seen.add(place.key)
        yield place
        for after in _Onward(flows, environment, place).places():
            heappush(ahead, (after.seconds, next(order), after))


@dataclass(frozen=True)
class _Onward:
    """What can follow at a place."""

    flows: CallFlows
    environment: Environment
    place: _Place
    _letter: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_letter", f"{self.environment.today - LETTER_OF:%d%m%Y}")

    def places(self) -> Iterator[_Place]:
        """Yield the places that a caller comes to from here by what a test call does."""
        reply, queue = self.place.reply, self.place.queue
        match next((verb for verb in reply.turn.verbs if not isinstance(verb, Say)), None):
            case Enqueue(_, waiting):
                yield self._after(waiting, NoInput(), (), QueueReply(reply))
            case Leave() if queue:
                yield self._after(queue.reply.at, QueueEnded(QueueResult.left), (), queue)
            case Record():
                acts = Listen(_before_a_key(reply.turn)), Speak(WORDS), Press("#")
                yield self._after(reply.at, Recorded("RE", SPEAKS, key="#"), acts)
            case Gather(num_digits=number):
                listen = Listen(_before_a_key(reply.turn) + HEARS + (0 if self.place.acts else ANSWERING))
                for keys in {1: "0123456789", 8: (self._letter,)}.get(number, ()):
                    yield self._after(reply.at, Digits(keys), (listen, Press(keys)), queue)

    def _after(
        self,
        at: str,
        event: Digits | NoInput | QueueEnded | Recorded,
        acts: tuple[Act, ...],
        queue: QueueReply | None = None,
    ) -> _Place:
        state = queue.reply.state if queue and isinstance(event, QueueEnded | NoInput) else self.place.reply.state
        pending = run(self.flows, at, state, event, self.environment)
        reply, effects, queue = after_effects(self.flows, pending, self.environment, queue)
        seconds = self.place.seconds + sum(map(_seconds, acts)) + 1
        return _Place(reply, (*self.place.acts, *acts), effects, queue, seconds)


def _before_a_key(turn: Turn) -> int:
    """Return the seconds of speech that no key interrupts."""
    before = []
    for verb in turn.verbs:
        if not isinstance(verb, Say):
            break
        before.append(verb)
    return longest(Turn(tuple(before)))


def _seconds(act: Act) -> float:
    match act:
        case Listen(seconds):
            return seconds
        case Press(keys):
            return len(keys) * A_KEY
        case Speak():
            return SPEAKS
