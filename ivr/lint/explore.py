"""Explores all states of every step to find what can be heard, in worlds of every sort."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from ivr.engine.content import Content, Entries
from ivr.engine.events import DialEnded, Digits, Event, Exit, LeftQueue, NoInput, Outcome, PromiseKept, Recorded
from ivr.engine.promises import CallBack, CallBackTake, HuntLook, HuntTake, Kept, MessageHear, Promise
from ivr.engine.prompts import Words
from ivr.engine.question import Question
from ivr.engine.service import Service
from ivr.engine.step import Decision, Go, Keep, Scene, Stay, Step
from ivr.engine.verbs import Dial, Enqueue, Gather, Record, Turn
from ivr.helpline.contacts import Contact
from ivr.helpline.hunt import Standing
from ivr.helpline.numbers import SAID_NUMBERS
from ivr.helpline.spoken import can_say_dates
from ivr.lint.context import Heard, contacts_of
from ivr.lint.worlds import NOT_APPLICABLE, closed_worlds, worlds

MOST_STATES = 60
"""Of one step in one world; a step that has more keeps something without bounds."""
TYPED_KEYS = (
    *("31022026", "01012040", "01011999", "1410", "14102026"),
    *("01632960456", "08081570456", "09098790456", "07000900456", "07600900456", "00336123456", "0770", "07700900456"),
)
"""Dates and numbers of every sort, for questions that want several keys."""
FOUND: Mapping[type[Promise], tuple[str, ...]] = {
    CallBack: ("", "again"),
    CallBackTake: SAID_NUMBERS,
    HuntLook: tuple(Standing),
    HuntTake: ("q" * 32, "taken", "gone"),
    MessageHear: (f"https://helpline.example/recordings/{'m' * 200}",),
}
"""What a promise may find, where that matters to what is said."""


def explore(content: Content) -> tuple[Heard, ...]:
    """Return everything that can be heard, each turn once, in every language that can be spoken."""
    contacts = contacts_of(content)
    first = Words(content.language, content.sentences)
    others = [Words(one.language, {**content.sentences, **one.sentences}) for one in content.translations]
    heard: dict[object, Heard] = {}
    for words in (first, *others):
        if can_say_dates(words.language.tag):
            for one in _heard_in(content, words, contacts):
                heard.setdefault((one.at, one.turn.verbs, one.language), one)
    return tuple(heard.values())


def _heard_in(content: Content, words: Words, contacts: Mapping[str, Contact]) -> Iterator[Heard]:
    # Without steps of its own, a service prepares no turns: some may not be fit to be prepared.
    answer, person, lost, broken = (str(content.entries.get(name, "")) for name in Entries.model_fields)
    service = Service(answer, person, lost, broken, {}, content.topics, words)
    tried = worlds(contacts)
    memories = [world.memory(content) for world in tried]
    for at, step in content.steps.items():
        if isinstance(step, Question) and step.plain:
            yield from _heard_at_plain(Scene(at, memories[0], tried[0], service), step)
            continue
        for world, memory in zip(tried, memories, strict=True):
            for desk in (world, *closed_worlds(world, step)):
                yield from _heard_at(Scene(at, memory, desk, service), step)


def _heard_at_plain(scene: Scene, step: Question) -> Iterator[Heard]:
    for cue in step.cues():
        try:
            turn = step.turn(scene, cue)
        except NOT_APPLICABLE:
            return
        yield Heard(scene.at, turn, scene.words.language, is_fresh=cue.why == "fresh")


def _heard_at(scene: Scene, step: Step) -> Iterator[Heard]:
    """Yield what is heard from the entry of a step to its exits, whatever happens in between."""
    language, seen = scene.words.language, set[object]()
    ahead: list[tuple[Decision, bool]] = [(one, True) for one in _tried(scene, step, None)]
    while ahead and len(seen) < MOST_STATES:
        decision, is_fresh = ahead.pop()
        if isinstance(decision, Go):
            if decision.says:
                yield Heard(scene.at, Turn(decision.says), language, is_fresh)
            continue
        if isinstance(decision, Stay):
            yield Heard(scene.at, decision.turn, language, is_fresh)
        memory = decision.memory
        state = (type(decision), memory.attempts, memory.page, memory.tried, tuple(memory.notes.items()))
        if state not in seen:
            seen.add(state)
            after = structs.replace(scene, memory=memory)
            opens = is_fresh and isinstance(decision, Keep)  # nothing was said yet
            ahead += [(one, opens) for event in _events(decision) for one in _tried(after, step, event)]


def _tried(scene: Scene, step: Step, event: Event | None) -> Iterator[Decision]:
    try:
        yield step.enter(scene) if event is None else step.resume(scene, event)
    except NOT_APPLICABLE:
        return


def _events(decision: Stay | Keep) -> Iterable[Event]:
    """Return the events that can follow a decision."""
    if isinstance(decision, Keep):
        return [PromiseKept(how, found) for how in Kept for found in FOUND.get(type(decision.promise), ("1",))]
    events: list[Event] = []
    for verb in decision.turn.verbs:
        if isinstance(verb, Gather):
            keys = (*"0123456789*#", *(TYPED_KEYS if verb.num_digits > 1 else ()))
            events += [NoInput(), *map(Digits, keys)]
        elif isinstance(verb, Dial):
            events += map(DialEnded, Outcome)
        elif isinstance(verb, Enqueue):
            events += map(LeftQueue, Exit)
        elif isinstance(verb, Record):
            events += [NoInput(), Recorded("RE1", 7), Recorded("RE1", 1, key="7"), Recorded("RE1", 7, key="*")]
    return events
