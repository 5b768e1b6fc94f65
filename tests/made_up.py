"""A made-up helpline, small enough to be written beside a test."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time

from ivr.engine import run as engine
from ivr.engine import verbs
from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState
from ivr.engine.effects import EffectStatus, PlayVoicemail, StartHunt
from ivr.engine.environment import Environment
from ivr.engine.events import EffectResult, Event
from ivr.engine.prompts import Language, Sentence, Words
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.run import Reply
from ivr.engine.step import Decision, Step, StepContext, Target
from ivr.engine.verbs import Dial, Gather, Say, Turn
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.timezone import LONDON
from ivr.steps import KINDS

PERSON = Target("person/ring")
LOST, BROKEN = "person/lost", "person/broken"


def noon(day: date) -> datetime:
    """Return noon of a day in London."""
    return datetime.combine(day, time(12), LONDON)


LANGUAGE = Language("en-GB", "English", "Polly.Amy-Neural", "90%")
DESK = HelplineEnvironment(noon(date(2026, 11, 23)))

SHARED = {
    "silence": "We heard nothing.",
    "wrong": "That key is not among them.",
    "still_wrong": "That one is not either.",
    "way_out": "One of us is 0.",
    "yes_no": "Yes is {yes}, no is {no}.",
    "yes_no_again": "Again: yes is {yes}, no is {no}.",
    "date_needs_no_hash": "No hash is needed.",
    "next_page": "For more, press {key}.",
    "page_keys": "Star says it again.",
    "again": "Star says that again.",
    "pen": "Pen and paper, please.",
    "number_again": "Again, {number}.",
    "hours": "They are in {hours}.",
    "date": "{weekday} the {day} of {month}, {year}",
    "date_unfinished": "You keyed {keyed}, and eight are wanted.",
    "date_impossible": "You keyed {keyed}, and no day is called that.",
    "date_to_come": "{date} is still to come.",
    "date_long_ago": "{date} is long ago.",
    "number_needs_no_hash": "No hash is needed.",
    "no_text_landline": "That one stands in a house.",
    "no_text_service": "That one belongs to a firm.",
    "no_text_premium": "That one costs a fortune.",
    "no_text_personal": "That one is somebody's own.",
    "no_text_pager": "That one only beeps.",
    "no_text_foreign": "That one is far away.",
    "no_text_nonsense": "You keyed {keyed}, and no mobile is called that.",
    "number_goes_on": "And on?",
    "blocked": "Not before {date} is over.",
    "blocked_write": "Write to {address}.",
    "no_ring_service": "A firm is not rung.",
    "no_ring_premium": "A dear one is not rung.",
    "no_ring_personal": "Somebody's own is not rung.",
    "no_ring_pager": "A beeper is not rung.",
    "no_ring_foreign": "Far away is not rung.",
    "no_ring_nonsense": "You keyed {keyed}, and nobody is called that.",
    "text_number": "the one you rang",
    "sms_answer": "Ring us.",
    "alert_message": "Somebody left a message.",
    "shift_reminder": "You, {day}, {start}, {end}?",
    "shift_coming": "Good, {day}, {start}, {end}.",
    "shift_not_coming": "Pity, {day}, {start}, {end}.",
    "shift_declined": "Not {name}, {day}, {start}, {end}.",
    "shift_after_all": "Now {name}, {day}, {start}, {end}.",
    "shift_not_confirmed": "Is it {name}, {day}, {start}, {end}?",
    "time_hour": "{hour}",
    "time_half": "half past {hour}",
    "time_minutes": "{hour} {minutes}",
    "time_few_minutes": "{hour} oh {minutes}",
    "time_midnight": "midnight",
    "time_morning": "{time} in the morning",
    "time_evening": "{time} in the evening",
    "time_night": "{time} at night",
    "opens_today": "today at {time}",
    "opens_tomorrow": "tomorrow at {time}",
    "opens_weekday": "on {weekday} at {time}",
    "opens_date": "on {weekday} the {day} of {month} at {time}",
    "week_days": "{first} to {last}",
    "week_two_days": "{first} and {last}",
    "week_every_day": "every day",
    "week_hours": "{days}, {spans}",
    "week_span": "{start} to {end}",
    "week_and": "{before}, and {last}",
    "fallback_sorry": "Out of order.",
    "fallback_ringing": "Ringing.",
    "fallback_next": "Ringing on.",
    "fallback_mediation": "Mediators, {number}.",
    "fallback_goodbye": "Bye.",
}
"""The sentences that belong to no one step."""


class Stop(Question):
    """A question that says its own name and takes no key for an answer."""

    kind: str = "stop"
    otherwise: Target = PERSON

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[verbs.Say, ...]:
        return (context.words.say((f"This is {context.at}.",)),)

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        return NoMatch()


def step(at: str, entry: Mapping[str, object]) -> Step:
    """Return a step as read from a flow."""
    return KINDS[str(entry["kind"])].model_validate(entry, context={"flow": at.partition("/")[0]})


def flows(
    steps: Mapping[str, Step | Mapping[str, object]],
    sentences: Mapping[str, str] | None = None,
    topics: Mapping[str, str] | None = None,
    besides: Iterable[str] = (),
) -> CallFlows:
    """Return a helpline of these steps; a Stop stands in wherever they lead to another, and for those besides."""
    made = {at: entry if isinstance(entry, Step) else step(at, entry) for at, entry in steps.items()}
    named = {str(target) for one in made.values() for _, target in one.exits()} | {PERSON, LOST, BROKEN, *besides}
    stops: dict[str, Step] = {at: Stop() for at in named - made.keys()}
    told = {f"helpline.{name}": text for name, text in SHARED.items()} | dict(sentences or {})
    words = Words(LANGUAGE, {name: Sentence(text) for name, text in told.items()})
    return CallFlows(next(iter(made)), PERSON, LOST, BROKEN, stops | made, topics or {}, words)


def said(turn: Turn) -> str:
    """Return all the words of a turn, with pauses of a second and more."""
    return " ".join(part for verb in turn.verbs for say in _says(verb) for part in _parts(say))


def gathered(turn: Turn) -> Gather | None:
    """Return the Gather of a turn, if there is one."""
    return next((verb for verb in turn.verbs if isinstance(verb, Gather)), None)


def dialled(turn: Turn) -> Dial | None:
    """Return the Dial of a turn, if there is one."""
    return next((verb for verb in turn.verbs if isinstance(verb, Dial)), None)


def _says(verb: object) -> Iterable[Say]:
    if isinstance(verb, Gather):
        return (say for say in verb.say if isinstance(say, Say))
    return (verb,) if isinstance(verb, Say) else ()


def _parts(say: Say) -> Iterator[str]:
    for part in say.speech:
        if isinstance(part, str):
            yield part
        elif part.milliseconds >= 1000:
            yield f"({part.milliseconds / 1000:g} seconds)"


def begin(flows: CallFlows, at: str, environment: Environment, state: CallState | None = None) -> Reply:
    """Begin as the engine does, with every effect performed, except that there is no queue to wait in."""
    return _with_effects_performed(flows, engine.begin(flows, at, environment, state), environment)


def run(flows: CallFlows, at: str, state: CallState, event: Event, environment: Environment) -> Reply:
    """Run as the engine does, with every effect performed."""
    return _with_effects_performed(flows, engine.run(flows, at, state, event, environment), environment)


def _with_effects_performed(flows: CallFlows, answer: Reply | engine.PendingEffect, environment: Environment) -> Reply:
    while isinstance(answer, engine.PendingEffect):
        how = EffectStatus.down if isinstance(answer.effect, StartHunt) else EffectStatus.kept
        found = "https://helpline.example/recordings/m1" if isinstance(answer.effect, PlayVoicemail) else ""
        answer = engine.resume_with(flows, answer, EffectResult(how, found), environment)
    return answer
