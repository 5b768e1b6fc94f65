"""The worlds that steps are explored in: a day, what the caller answered, and what may be said of everybody."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from ivr.engine.call_state import CallState
from ivr.engine.content import YOUNG_PERSON, Content
from ivr.engine.environment import OneOffHoliday, Opening
from ivr.engine.step import Step
from ivr.engine.verbs import Say
from ivr.errors import CertificateBeforeLetter, MissingPrompt
from ivr.helpline.call_variables import (
    DECISION,
    ENDED_BY,
    MESSAGE,
    SAMPLE_DATES,
    CouncilDecision,
    deadline_from_answers,
)
from ivr.helpline.contacts import ADVISERS, OURS, Contact, ourselves
from ivr.helpline.hunt import SINCE
from ivr.helpline.phone_numbers import SAID_NUMBERS
from ivr.helpline.timezone import LONDON
from ivr.helpline.whisper import AUDIENCE, CALLBACK, DEADLINE, HUNT, LEG
from ivr.helpline.working_days import england_and_wales

LONGEST_NUMBER = "00000 000 000"
"""Our own is a setting, and not known before."""
NEXT_OPENING = datetime(2029, 9, 26, 21, 30, tzinfo=LONDON)
"""Among the longest to say."""
NOT_APPLICABLE = (KeyError, ValueError, AttributeError, MissingPrompt, CertificateBeforeLetter)
"""An event that this step never meets, or a sentence that is missing or has an unknown blank, which rules report."""


@dataclass(frozen=True)
class World:
    """What steps are told in one exploration: the day, the dates that the caller gave, the answers to everything else.

    It stands in for the helpline's environment. With `knows` it returns the longest that may be said of everybody,
    without it nothing.
    """

    contacts: Mapping[str, Contact]
    day: date
    dates: int = 1
    yes: bool = False
    knows: bool = True
    closed: Opening | None = None
    caller: str = SAID_NUMBERS[-1]
    decision: CouncilDecision = CouncilDecision.no_assessment
    emergency_message: Say | None = None

    @property
    def today(self) -> date:
        return self.day

    @property
    def one_off_holidays(self) -> tuple[OneOffHoliday, ...]:
        return ()

    @property
    def blocked_until(self) -> date | None:
        """One of the longest days to say: what only blocked callers hear is heard in every world."""
        return NEXT_OPENING.date()

    @property
    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), LONDON)

    def numbers(self, who: str) -> tuple[str, ...]:
        return (SAID_NUMBERS if who == ADVISERS else self.contacts[who].dial) if self.knows else ()

    def spoken_number(self, who: str) -> str | None:
        return LONGEST_NUMBER if who == OURS and self.knows else self._known(who, Contact.number_to_say)

    def spoken_hours(self, who: str) -> str | None:
        return self._known(who, Contact.hours_to_say)

    def opening(self, who: str) -> Opening:
        return self.closed or Opening(is_open=True)

    def are_good(self, rules: Iterable[str]) -> bool:
        return True

    def name(self, who: str) -> str | None:
        return self._known(who, Contact.name_to_say)

    def written_email(self, who: str) -> str | None:
        return self._known(who, Contact.email_to_write)

    def written_post(self, who: str) -> str | None:
        return self._known(who, Contact.post_to_write)

    def _known(self, who: str, say: Callable[[Contact, date], str | None]) -> str | None:
        """Return what may be said of a contact while it is good."""
        contact = ourselves(self.contacts) if who == OURS else self.contacts[who]
        return say(contact, contact.good_until) if self.knows and contact else None

    def state(self, content: Content) -> CallState:
        """Return what a caller has told us by the time that they come to any step."""
        variables = {HUNT: "1", LEG: "1", CALLBACK: "1", MESSAGE: "1", ENDED_BY: ""}
        variables |= {
            SINCE: (self.now - timedelta(minutes=12)).isoformat(),
            DEADLINE: SAMPLE_DATES[-1],
            AUDIENCE: YOUNG_PERSON,
        }
        for step in content.steps.values():
            for note, values in step.keeps().items():
                variables[note] = values[self.dates] if values == SAMPLE_DATES else values[-1 if self.yes else 0]
        if DECISION in variables:
            variables[DECISION] = self.decision
        topic = max(content.topics, key=lambda flow: _length_of_topic(content, flow), default="") if self.knows else ""
        return CallState(topic=topic, variables=_told(variables))


def _length_of_topic(content: Content, flow: str) -> int:
    sentence = content.sentences.get(content.topics[flow])
    return len(sentence.text) if sentence else -1


def _told(variables: dict[str, str]) -> dict[str, str]:
    try:
        return variables | {"told": deadline_from_answers(variables, england_and_wales()).deadline.isoformat()}
    except NOT_APPLICABLE:
        return variables


def worlds(contacts: Mapping[str, Contact]) -> tuple[World, ...]:
    """Return worlds in which a deadline is open, near and past, with each sort of answer."""
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


def closed_worlds(world: World, step: Step) -> Iterator[World]:
    """Yield the same world closed for each of the reasons that a step can tell."""
    for reason in getattr(step, "reasons", ()) if world.closed else ():
        yield replace(world, closed=replace(world.closed or Opening(is_open=False), reason=reason))
