"""Explores all states of every step to find what can be heard, in worlds of every sort."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from ivr.engine.content import Content
from ivr.engine.effects import (
    UNMEASURED,
    AcceptCall,
    AcceptCallback,
    Effect,
    EffectStatus,
    PlayVoicemail,
    PollHunt,
    RequestCallback,
    SaveRecording,
    SubmitVoicemail,
)
from ivr.engine.environment import Shared
from ivr.engine.events import (
    DialEnded,
    DialStatus,
    Digits,
    EffectResult,
    Event,
    NoInput,
    QueueEnded,
    QueueResult,
    Recorded,
)
from ivr.engine.prompts import Words
from ivr.engine.question import Question
from ivr.engine.step import Decision, Go, Perform, Stay, Step, StepContext
from ivr.engine.verbs import Dial, Enqueue, Gather, Record, Turn
from ivr.helpline.call_variables import SAMPLE_DATES
from ivr.helpline.contacts import Contact, contacts_of
from ivr.helpline.hunt import HuntStatus
from ivr.helpline.phone_numbers import SAID_NUMBERS
from ivr.helpline.spoken import can_say_dates
from ivr.lint.registry import Heard
from ivr.lint.worlds import NOT_APPLICABLE, closed_worlds, worlds

MOST_STATES = 60
"""Of one step in one world; a step that has more keeps something without bounds."""
TYPED_KEYS = (
    *("31022026", "01012040", "01011999", "1410", "14102026"),
    *("01632960456", "08081570456", "09098790456", "07000900456", "07600900456", "00336123456", "0770", "07700900456"),
    "00447700900",
)
"""Dates and numbers of every sort, for questions that want several keys."""
FOUND: Mapping[type[Effect], tuple[str, ...]] = {
    RequestCallback: ("", "again"),
    AcceptCallback: SAID_NUMBERS,
    PollHunt: tuple(HuntStatus),
    AcceptCall: ("q" * 32, "taken", "gone"),
    SaveRecording: ("", UNMEASURED),
    SubmitVoicemail: SAMPLE_DATES,
    PlayVoicemail: (f"https://helpline.example/recordings/{'m' * 200}",),
}
"""What a promise may find, where that matters to what is said."""


def explore(content: Content) -> tuple[Heard, ...]:
    """Return everything that can be heard, each turn once, in every language that can be spoken."""
    contacts = contacts_of(content)
    heard: dict[object, Heard] = {}
    for words in content.wordings().values():
        if can_say_dates(words.language.tag):
            for one in _heard_in(content, words, contacts):
                heard.setdefault((one.at, one.turn.verbs, one.language), one)
    return tuple(heard.values())


def _heard_in(content: Content, words: Words, contacts: Mapping[str, Contact]) -> Iterator[Heard]:
    # No turns are prepared: some may not be fit to be.
    answer, person = (str(content.entries.get(name, "")) for name in ("answer", "person"))
    shared = Shared(answer, person, content.topics, words)
    tried = worlds(contacts)
    states = [world.state(content) for world in tried]
    for at, step in content.steps.items():
        if isinstance(step, Question) and step.plain:
            yield from _heard_at_plain(StepContext(at, states[0], tried[0], shared), step)
            continue
        for world, state in zip(tried, states, strict=True):
            for environment in (world, *closed_worlds(world, step)):
                yield from _heard_at(StepContext(at, state, environment, shared), step)


def _heard_at_plain(context: StepContext, step: Question) -> Iterator[Heard]:
    for attempt in step.attempts_to_say():
        try:
            turn = step.turn(context, attempt)
        except NOT_APPLICABLE:
            return
        yield Heard(context.at, turn, context.words.language, is_fresh=attempt.reason == "first")


def _heard_at(context: StepContext, step: Step) -> Iterator[Heard]:
    """Yield what is heard from the entry of a step to its exits, whatever happens in between."""
    language, seen = context.words.language, set[object]()
    ahead: list[tuple[Decision, bool]] = [(one, True) for one in _tried(context, step, None)]
    while ahead and len(seen) < MOST_STATES:
        decision, is_fresh = ahead.pop()
        if isinstance(decision, Go):
            if decision.says:
                yield Heard(context.at, Turn(decision.says), language, is_fresh)
            continue
        if isinstance(decision, Stay):
            yield Heard(context.at, decision.turn, language, is_fresh)
        state = decision.state
        position = (type(decision), state.attempts, state.page, state.tried, tuple(state.variables.items()))
        if position not in seen:
            seen.add(position)
            after = structs.replace(context, state=state)
            opens = is_fresh and isinstance(decision, Perform)  # nothing was said yet
            ahead += [(one, opens) for event in _events(decision) for one in _tried(after, step, event)]


def _tried(context: StepContext, step: Step, event: Event | None) -> Iterator[Decision]:
    try:
        yield step.enter(context) if event is None else step.resume(context, event)
    except NOT_APPLICABLE:
        return


def _events(decision: Stay | Perform) -> Iterable[Event]:
    """Return the events that can follow a decision."""
    if isinstance(decision, Perform):
        return [EffectResult(how, found) for how in EffectStatus for found in FOUND.get(type(decision.effect), ("1",))]
    events: list[Event] = []
    for verb in decision.turn.verbs:
        if isinstance(verb, Gather):
            keys = (*"0123456789*#", *(TYPED_KEYS if verb.num_digits > 1 else ()))
            events += [NoInput(), *map(Digits, keys)]
        elif isinstance(verb, Dial):
            events += map(DialEnded, DialStatus)
        elif isinstance(verb, Enqueue):
            events += map(QueueEnded, QueueResult)
        elif isinstance(verb, Record):
            events += [NoInput(), Recorded("RE1", None), Recorded("RE1", 7), Recorded("RE1", 1, key="7")]
            events += [Recorded("RE1", 7, key="*")]
    return events
