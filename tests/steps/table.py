"""A table of cases for one kind of step: what is written in `tests/steps/<kind>.yaml`.

A table has a small `flow` of steps with their `words`, and `cases`. A case says in `it` what must be true; it plays
one moment of a call at the table's first step, or at another one named by `at`:

- `given` is what came before (variables, the time, whom we can ring); the table's own `given` holds for all cases;
- `kept` is how an effect ends, if there is one (`kept`, unless the case says otherwise), `found` its value;
- what happens is one of `presses`, `silent`, `dial_ended`, `left_queue` and `recorded`; without any, the call has
  just come to the step;
- `says` are the words that must be heard, in this order, and `never_says` those that must not;
- `performs` is the effect, every field of it;
- `goes` is where the call waits next; without it, it must still be at the same step.

Steps that are led to and not written here answer "This is town/<name>.".
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

from msgspec import structs
from pydantic import BaseModel, BeforeValidator, ConfigDict

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState, step_of
from ivr.engine.content import YOUNG_PERSON
from ivr.engine.effects import CancelReminders, Effect, EffectStatus, ScheduleReminders, SendText
from ivr.engine.environment import OneOffHoliday
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
from ivr.engine.prompts import BLANK, Sentence, Words
from ivr.engine.run import PendingEffect, Reply, begin, resume_with, run
from ivr.engine.verbs import Dial, Gather, Hangup, Redirect, Say, Turn
from ivr.engine.yaml import read
from ivr.helpline.contacts import Contact
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.opening_hours import Closure
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.rota import RotaSnapshot, of_setting
from ivr.helpline.timezone import LONDON, whole_day
from tests.made_up import dialled, flows, gathered, noon, said

HERE = Path(__file__).parent
FLOW = "town"
CHECKED = {"name": "somebody", "source": "a test", "checked_on": "2026-11-01", "good_until": "2027-05-01", "sure": "V"}

Phrases = Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


class Given(BaseModel):
    """What came before: the state of the call, the time in Devon, and whom we can ring at what hours."""

    model_config = ConfigDict(extra="forbid")

    variables: dict[str, str] = {}
    attempts: int = 0
    page: int = 0
    tried: int = 0
    history: tuple[str, ...] = ()
    topic: str = ""
    audience: str = ""
    today: date = date(2026, 11, 23)
    clock: time = time(12)
    hours: Annotated[OpeningHoursFile | None, BeforeValidator(lambda value: value or None)] = None
    closures: tuple[Closure, ...] = ()
    holidays: tuple[OneOffHoliday, ...] = ()
    emergency: str = ""
    """The message that staff have set."""
    own_hours: str | None = None
    advisers: tuple[str, ...] = ()
    contacts: dict[str, dict[str, Any]] = {}
    own_number: str | None = None
    caller: str = ""
    blocked: date | None = None
    """The last day on which whoever calls is blocked."""

    def state(self) -> CallState:
        history = tuple(full(name) for name in self.history)
        told = self.topic, self.variables
        return CallState(0, history, self.attempts, self.page, self.tried, *told, audience=self.audience)

    def environment(self) -> HelplineEnvironment:
        contacts = {name: Contact.model_validate(CHECKED | entry) for name, entry in self.contacts.items()}
        return HelplineEnvironment(
            now=datetime.combine(self.today, self.clock, LONDON),
            contacts=contacts,
            advisers=of_setting(self.advisers),
            own_number=self.own_number,
            hours=RotaSnapshot((), self.closures, self.holidays).hours(self.hours.hours() if self.hours else None),
            caller=self.caller,
            own_hours=self.own_hours,
            one_off_holidays=self.holidays,
            emergency=EmergencyMessage(self.emergency, noon(date.max)) if self.emergency else None,
            language="en-GB",
            block_of=lambda _: whole_day(self.blocked)[1] if self.blocked else None,
        )


class Case(BaseModel):
    """One moment of a call, and what must follow."""

    model_config = ConfigDict(extra="forbid")

    it: str
    at: str | None = None
    given: dict[str, Any] = {}

    presses: str | None = None
    silent: bool = False
    dial_ended: DialStatus | None = None
    talked: int = 0
    """For how many seconds."""
    left_queue: QueueResult | None = None
    recorded: str | None = None
    """The name of a recording, followed by “gone” if the caller hung up."""
    seconds: int = 7
    """How long it is; -1 for a length that is not known."""
    key: str = ""
    """The key that ended it."""
    kept: EffectStatus = EffectStatus.kept
    found: str = ""

    says: Phrases = ()
    never_says: Phrases = ()
    asks: int | None = None
    """For how many keys it waits."""
    rings: str | None = None
    screened_by: str | None = None
    goes: str | None = None
    variables: dict[str, str] = {}
    """What is set besides what was given; nothing else may change."""
    without: tuple[str, ...] = ()
    """The variables that were given and are gone."""
    attempts: int | None = None
    page: int | None = None
    tried: int | None = None
    audience: str | None = None
    ends: bool = False
    connects: bool = False
    performs: dict[str, Any] | None = None
    does: dict[str, dict[str, Any]] = {}
    """The verbs besides speech, keys, ringing and hanging up, by name, each with all its fields."""

    def event(self) -> Event | None:
        """What happens; None when the call has just come to the step."""
        if self.presses is not None:
            return Digits(self.presses)
        if self.dial_ended:
            return DialEnded(self.dial_ended, self.talked)
        if self.left_queue:
            return QueueEnded(self.left_queue)
        if self.recorded:
            name, _, gone = self.recorded.partition(" ")
            return Recorded(name, None if self.seconds < 0 else self.seconds, gone == "gone", self.key)
        return NoInput() if self.silent else None


class Table(BaseModel):
    """All cases of one kind."""

    model_config = ConfigDict(extra="forbid")

    flow: dict[str, dict[str, Any]]
    words: dict[str, str | dict[str, str]] = {}
    topics: dict[str, str] = {}
    """By flow, what it is about."""
    given: dict[str, Any] = {}
    cases: list[Case]

    def flows(self, besides: Iterable[str] = ()) -> CallFlows:
        """The table's flow and words; and `besides`, steps that are not written and nothing leads to.

        What a young person hears is the same in capitals.
        """
        sentences = {f"{flow}.matter.prompt": text for flow, text in self.topics.items()}
        for name, entry in self.words.items():
            for part, text in ({"prompt": entry} if isinstance(entry, str) else entry).items():
                sentences[f"{FLOW}.{name}.{part}"] = text
        topics = {flow: f"{flow}.matter.prompt" for flow in self.topics}
        steps = {full(name): entry for name, entry in self.flow.items()}
        made = flows(steps, sentences, topics, map(step_of, besides))
        loudly = {name: Sentence(loud(one.text)) for name, one in made.words.sentences.items()}
        return replace(made, other_words={("", YOUNG_PERSON): Words(made.words.language, loudly)})

    def start(self, case: Case) -> str:
        """The step that a case is about."""
        return full(case.at or next(iter(self.flow)))

    def before(self, case: Case) -> Given:
        return Given.model_validate(self.given | case.given)

    def reply(self, case: Case) -> Reply:
        """Return the reply in a case, once its effect has ended."""
        reply, environment = self.first(case), self.before(case).environment()
        while isinstance(reply, PendingEffect):
            reply = resume_with(
                self.flows(reply.state.history), reply, EffectResult(case.kept, case.found), environment
            )
        assert isinstance(reply, Reply), reply
        return reply

    def first(self, case: Case) -> Reply | PendingEffect:
        """Return the reply in a case, or the effect that comes before it."""
        at, before, event = self.start(case), self.before(case), case.event()
        state = before.state()
        flows = self.flows(state.history)
        if event is None:
            return begin(flows, at, before.environment(), state)
        return run(flows, at, state, event, before.environment())

    def performed(self, case: Case) -> dict[str, Any] | None:
        """Return the effect of a case, as it would be written in the table."""
        pending = self.first(case)
        return as_written(pending.effect) if isinstance(pending, PendingEffect) else None


def as_written(effect: Effect) -> dict[str, Any]:
    """Return an effect, field by field, as text."""
    match effect:
        case SendText(to, body, topic):
            return {"to": to, "topic": topic, "body": body}
        case ScheduleReminders(to, topic, texts):
            return {"to": to, "topic": topic, "texts": {due.isoformat(): body for due, body in texts}}
        case CancelReminders(number):
            return {"number": number}
    return {"effect": type(effect).__name__} | written_fields(effect)


def written_fields(one: Any) -> dict[str, Any]:
    """Return the fields of a verb or an effect that are not empty, as they would be written in a table."""
    return {name: _written(value) for name, value in structs.asdict(one).items() if value not in (None, "")}


def _written(value: object) -> str:
    """All in a table is text."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


COMMON = Say, Gather, Redirect, Dial, Hangup
"""The verbs that the other fields of a case tell of."""


def done_besides(turn: Turn) -> dict[str, dict[str, Any]]:
    """The other verbs of a turn, and what else than words is heard while keys are awaited."""
    gather = gathered(turn)
    verbs = (*turn.verbs, *(gather.say if gather else ()))
    return {type(verb).__name__: written_fields(verb) for verb in verbs if not isinstance(verb, COMMON)}


def full(name: str) -> str:
    """A step's full name; those of the table's own flow are written without it."""
    return name if "/" in name else f"{FLOW}/{name}"


def tables() -> dict[str, Table]:
    """Every table, by its kind; written in the same small YAML as flows are."""
    return {path.stem: _table(path) for path in sorted(HERE.glob("*.yaml"))}


def _table(path: Path) -> Table:
    source = read(path, path.name)
    assert not source.problems, source.problems
    return Table.model_validate(source.content)


def mismatches(table: Table, case: Case) -> list[str]:
    """In what the reply to a case differs from what is written."""
    reply = table.reply(case)
    heard, gather, dial = said(reply.turn), gathered(reply.turn), dialled(reply.turn)
    last = reply.turn.verbs[-1] if reply.turn.verbs else None
    kept = {name: one for name, one in table.before(case).variables.items() if name not in case.without}
    pairs: dict[str, tuple[object, object]] = {
        "where it waits": (reply.at, full(case.goes) if case.goes else table.start(case)),
        "variables": (dict(reply.state.variables), kept | case.variables),
        "rings": (dial.number if dial else None, case.rings),
        "screened by": (dial.screen if dial else None, case.screened_by and full(case.screened_by)),
        "ends": (isinstance(last, Hangup), case.ends),
        "connects": (reply.turn.verbs == (), case.connects),
        "performs": (table.performed(case), case.performs),
        "does": (done_besides(reply.turn), case.does),
    }
    if not case.goes or case.asks:
        pairs["asks"] = (gather.num_digits if gather else None, case.asks)
    for name in {"attempts", "page", "tried", "audience"} & case.model_fields_set:
        pairs[name] = (getattr(reply.state, name), getattr(case, name))
    wrong = [f"{name}: {found!r}, not {wanted!r}" for name, (found, wanted) in pairs.items() if found != wanted]
    return wrong + _unheard(heard, case.says) + [f"says {one!r}: {heard}" for one in case.never_says if one in heard]


def _unheard(heard: str, phrases: Phrases) -> list[str]:
    start = 0
    for phrase in phrases:
        place = heard.find(phrase, start)
        if place < 0:
            return [f"{phrase!r} is not heard (or not in this order) in: {heard}"]
        start = place + len(phrase)
    return []


def loud(text: str) -> str:
    """Return a sentence in capitals, its blanks as they are."""
    words = BLANK.split(text)
    return "".join(f"{{{part}}}" if place % 2 else part.upper() for place, part in enumerate(words))


def to_a_young_person(case: Case) -> Case:
    """Return the same case for a young person."""
    return case.model_copy(update={"given": case.given | {"audience": YOUNG_PERSON}})


def said_or_sent(table: Table, case: Case) -> str:
    """Return all words of a case: what is heard, and the texts it has sent."""
    performed = table.performed(case) or {}
    return " ".join(
        (said(table.reply(case).turn), *(str(performed.get(one, "")) for one in ("body", "texts", "alert")))
    )


def exits_taken(table: Table) -> Mapping[str, set[str]]:
    """By step of a table, where its cases have led to from it."""
    taken: dict[str, set[str]] = {full(name): set() for name in table.flow}
    for case in table.cases:
        taken[table.start(case)].add(table.reply(case).at)
    return taken
