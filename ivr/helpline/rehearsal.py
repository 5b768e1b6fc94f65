"""Everything that can be heard, tried out before any call: each step on days and with answers of every sort."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from msgspec import structs

from ivr.engine.content import Content, Entries
from ivr.engine.desk import Opening
from ivr.engine.events import DialEnded, Digits, Event, Exit, LeftQueue, NoInput, Outcome, PromiseKept, Recorded
from ivr.engine.means import Heard
from ivr.engine.memory import Memory
from ivr.engine.promises import CallBack, CallBackTake, HuntLook, HuntTake, Kept, MessageHear, Promise
from ivr.engine.prompts import Words
from ivr.engine.question import Question
from ivr.engine.service import Service
from ivr.engine.step import Decision, Go, Keep, Scene, Stay, Step
from ivr.engine.verbs import Dial, Enqueue, Gather, Record, Turn
from ivr.errors import CertificateBeforeLetter, Unspeakable
from ivr.helpline.contacts import ADVISERS, FILE, OURS, Contact, read_contacts
from ivr.helpline.council_decisions import CouncilDecision
from ivr.helpline.hunt import SINCE, Standing
from ivr.helpline.message import ENDED_BY, MESSAGE
from ivr.helpline.notes import DECISION, SAID_DATES, noted_deadline
from ivr.helpline.numbers import SAID_NUMBERS
from ivr.helpline.screening import CALLBACK, DEADLINE, HUNT, LEG
from ivr.helpline.spoken import can_say_dates
from ivr.helpline.wall_clock import LONDON

MOST_MOMENTS = 60
"""Of one step in one world; a step that has more has an unbounded memory of its own."""
LONGEST_NUMBER = "00000 000 000"
"""Our own is a setting, and not known before."""
NEXT_OPENING = datetime(2029, 9, 26, 21, 30, tzinfo=LONDON)
"""Among the longest to say."""
WRONG_KEYS = (
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
"""What may be found out by a promise, where that matters to what is said."""
NOT_HERE = (KeyError, ValueError, AttributeError, Unspeakable, CertificateBeforeLetter)
"""An event that this step never meets, or a sentence that is missing or has a strange blank: told elsewhere."""


@dataclass(frozen=True)
class World:
    """A day, which of the known dates the caller gave, and how they and the world answer everything else.

    It is the desk too. With `knows` it has the longest that may be said of everybody, without it nothing.
    """

    contacts: Mapping[str, Contact]
    day: date
    dates: int = 1
    yes: bool = False
    knows: bool = True
    closed: Opening | None = None
    caller: str = SAID_NUMBERS[-1]
    decision: CouncilDecision = CouncilDecision.no_assessment

    @property
    def today(self) -> date:
        return self.day

    @property
    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), LONDON)

    def numbers(self, who: str) -> tuple[str, ...]:
        return (SAID_NUMBERS if who == ADVISERS else self.contacts[who].dial) if self.knows else ()

    def spoken_number(self, who: str) -> str | None:
        return (
            (LONGEST_NUMBER if who == OURS else _good(self.contacts[who], Contact.number_to_say))
            if self.knows
            else None
        )

    def spoken_hours(self, who: str) -> str | None:
        return _good(self.contacts[who], Contact.hours_to_say) if self.knows and who != OURS else None

    def opening(self, who: str) -> Opening:
        return self.closed or Opening(is_open=True)

    def is_good(self, rule: str) -> bool:
        return True

    def name(self, who: str) -> str | None:
        return _good(self.contacts[who], Contact.name_to_say) if self.knows and who != OURS else None

    def written_email(self, who: str) -> str | None:
        return _good(self.contacts[who], Contact.email_to_write) if self.knows and who != OURS else None

    def written_post(self, who: str) -> str | None:
        return _good(self.contacts[who], Contact.post_to_write) if self.knows and who != OURS else None

    def memory(self, content: Content) -> Memory:
        """What a caller of this world has told us by the time that they come to any step."""
        notes = {HUNT: "1", LEG: "1", CALLBACK: "1", MESSAGE: "1", ENDED_BY: ""}
        notes |= {SINCE: (self.now - timedelta(minutes=12)).isoformat(), DEADLINE: SAID_DATES[-1]}
        for step in content.steps.values():
            for note, values in step.keeps().items():
                notes[note] = values[self.dates] if values == SAID_DATES else values[-1 if self.yes else 0]
        if DECISION in notes:
            notes[DECISION] = self.decision
        topic = max(content.topics, key=lambda flow: _length_of_topic(content, flow), default="") if self.knows else ""
        return Memory(topic=topic, notes=_told(notes))


def _good(contact: Contact, say: Callable[[Contact, date], str | None]) -> str | None:
    """What may be said of somebody while it is good."""
    return say(contact, contact.good_until)


def _length_of_topic(content: Content, flow: str) -> int:
    sentence = content.sentences.get(content.topics[flow])
    return len(sentence.text) if sentence else -1


def _told(notes: dict[str, str]) -> dict[str, str]:
    try:
        return notes | {"told": noted_deadline(notes).deadline.isoformat()}
    except NOT_HERE:
        return notes


def rehearsed(content: Content) -> tuple[Heard, ...]:
    """Everything that can be heard, each once, in every language that can be spoken."""
    source = content.sources.get(FILE)
    contacts = read_contacts(source)[0] if source else {}
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
    worlds = _worlds(contacts)
    memories = [world.memory(content) for world in worlds]
    for at, step in content.steps.items():
        if isinstance(step, Question) and step.plain:
            yield from _plain(Scene(at, memories[0], worlds[0], service), step)
            continue
        for world, memory in zip(worlds, memories, strict=True):
            for desk in (world, *_reasons(world, step)):
                yield from _explored(Scene(at, memory, desk, service), step)


def _worlds(contacts: Mapping[str, Contact]) -> tuple[World, ...]:
    """Days on which a deadline stands in every way, with each sort of answer."""
    closed, unknown = Opening(is_open=False, opens=NEXT_OPENING), Opening(is_open=False)
    return (
        World(contacts, date(2026, 11, 23), knows=False, caller="anonymous"),
        World(contacts, date(2026, 7, 24), dates=2, yes=True),
        World(contacts, date(2026, 7, 24), dates=2, closed=closed, caller=SAID_NUMBERS[0]),
        World(contacts, date(2026, 11, 23), closed=unknown),
        World(contacts, date(2026, 12, 19), yes=True),
        World(contacts, date(2026, 12, 19), yes=True, decision=CouncilDecision.plan),
        World(contacts, date(2026, 12, 20)),
        World(contacts, date(2026, 12, 21)),
        World(contacts, date(2026, 12, 22)),
        World(contacts, date(2028, 11, 11), dates=0),
    )


def _reasons(world: World, step: Step) -> Iterator[World]:
    """The same world, closed for each of the reasons that a step can tell."""
    for reason in getattr(step, "reasons", ()) if world.closed else ():
        yield replace(world, closed=replace(world.closed or Opening(is_open=False), reason=reason))


def _plain(scene: Scene, step: Question) -> Iterator[Heard]:
    for cue in step.cues():
        try:
            turn = step.turn(scene, cue)
        except NOT_HERE:
            return
        yield Heard(scene.at, turn, scene.words.language, is_fresh=cue.why == "fresh")


def _explored(scene: Scene, step: Step) -> Iterator[Heard]:
    """From the door of a step to every way out of it, with whatever can happen in between."""
    language, seen = scene.words.language, set[object]()
    ahead: list[tuple[Decision, bool]] = [(one, True) for one in _tried(scene, step, None)]
    while ahead and len(seen) < MOST_MOMENTS:
        decision, is_fresh = ahead.pop()
        if isinstance(decision, Go):
            if decision.says:
                yield Heard(scene.at, Turn(decision.says), language, is_fresh)
            continue
        if isinstance(decision, Stay):
            yield Heard(scene.at, decision.turn, language, is_fresh)
        memory = decision.memory
        moment = (type(decision), memory.attempts, memory.page, memory.tried, tuple(memory.notes.items()))
        if moment not in seen:
            seen.add(moment)
            after = structs.replace(scene, memory=memory)
            opens = is_fresh and isinstance(decision, Keep)  # nothing was said yet
            ahead += [(one, opens) for event in _events(decision) for one in _tried(after, step, event)]


def _tried(scene: Scene, step: Step, event: Event | None) -> Iterator[Decision]:
    try:
        yield step.enter(scene) if event is None else step.resume(scene, event)
    except NOT_HERE:
        return


def _events(decision: Stay | Keep) -> Iterable[Event]:
    """All that can happen then."""
    if isinstance(decision, Keep):
        return [PromiseKept(how, found) for how in Kept for found in FOUND.get(type(decision.promise), ("1",))]
    events: list[Event] = []
    for verb in decision.turn.verbs:
        if isinstance(verb, Gather):
            keys = (*"0123456789*#", *(WRONG_KEYS if verb.num_digits > 1 else ()))
            events += [NoInput(), *map(Digits, keys)]
        elif isinstance(verb, Dial):
            events += map(DialEnded, Outcome)
        elif isinstance(verb, Enqueue):
            events += map(LeftQueue, Exit)
        elif isinstance(verb, Record):
            events += [NoInput(), Recorded("RE1", 7), Recorded("RE1", 1, key="7"), Recorded("RE1", 7, key="*")]
    return events
