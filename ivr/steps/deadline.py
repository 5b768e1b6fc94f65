"""Says what a caller must do first about a decision, and the last day to appeal."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from msgspec import structs

from ivr.engine.prompts import Key, Words
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, StepContext, Target, own
from ivr.engine.verbs import Say, Speech
from ivr.helpline.call_variables import (
    DATE_PROMPT,
    FOR_A_DEADLINE,
    certificate_status,
    deadline_from_answers,
    missing_for_a_deadline,
    speak_date,
)
from ivr.helpline.deadlines import Deadline
from ivr.helpline.next_step import Certificate, NextStep, next_step
from ivr.helpline.working_days import england_and_wales

ON = "1"
EXITS = {
    NextStep.get_certificate: "certificate_first",
    NextStep.get_certificate_today: "certificate_first",
    NextStep.ask_permission: "permission",
    NextStep.appeal: "appeal",
    NextStep.appeal_by_five: "appeal",
    NextStep.appeal_today: "appeal",
    NextStep.extension: "appeal",
    NextStep.late: "late",
    NextStep.unknown: "unknown",
}
"""By what comes first, the way on."""


class SayDeadline(Question):
    """What comes first is said first: without a certificate the mediation adviser, and only then the last day.

    In a flow:

        work_out:
          kind: deadline
          keep: told                # may be left out: the last day, once it was said
          certificate_first: adviser # there is time to ask for a certificate
          appeal: how               # there is a certificate, or none is needed, and it is not too late
          permission: person/ring   # the two months are over without a certificate: said at once, no key is waited for
          late: person/ring         # so are these
          unknown: person/ring      # past the bank holidays we have data for
          otherwise: person/ring
    """

    keep: str | None = None
    certificate_first: Target
    appeal: Target
    permission: Target
    late: Target
    unknown: Target
    informs: bool = True
    says = {
        "certificate_first": frozenset(),
        "contact_by": frozenset({"contact_by"}),
        "contact_today": frozenset({"deadline"}),
        "tell_adviser": frozenset(),
        "appeal_until": frozenset({"deadline"}),
        "appeal_month": frozenset(),
        "permission": frozenset({"deadline"}),
        "last_day": frozenset({"deadline"}),
        "by_five": frozenset(),
        "send_by": frozenset({"send_by"}),
        "today_by_five": frozenset(),
        "send_today": frozenset(),
        "extension": frozenset({"last_day"}),
        "extension_only": frozenset({"deadline", "last_day"}),
        "no_certificate": frozenset(),
        "late": frozenset({"deadline"}),
        "unknown": frozenset({"deadline"}),
        "then": frozenset({"key"}),
        "plainer": frozenset({"key"}),
    }
    shares = Question.shares | DATE_PROMPT
    unasked = frozenset({"permission", "late", "unknown"})

    @property
    def plain(self) -> bool:
        return False

    @property
    def for_anybody(self) -> bool:
        return True

    def wants(self) -> frozenset[str]:
        return FOR_A_DEADLINE

    def lacks(self, variables: Mapping[str, str]) -> frozenset[str]:
        return missing_for_a_deadline(variables)

    def ways(self) -> Mapping[str, Target]:
        return {ON: self.certificate_first}

    def enter(self, context: StepContext) -> Decision:
        standing = _standing(context)
        last_day = standing.found.deadline.isoformat()
        context = (
            structs.replace(context, state=context.state.with_variable(self.keep, last_day)) if self.keep else context
        )
        exit_ = EXITS[standing.first]
        if exit_ not in self.unasked:
            return super().enter(context)
        return Go(getattr(self, exit_), context.state, (_say(context.words, context.at, standing),))

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[Say, ...]:
        words, at = context.words, context.at
        if attempt.number == 0:
            return (_say(words, at, _standing(context), asks=True),)
        return (self.lead(context, attempt), words.say(_on(words, at, "then" if attempt.number == 1 else "plainer")))

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        return Go(getattr(self, EXITS[_standing(context).first]), context.state) if keys == ON else NoMatch()


class _Standing(NamedTuple):
    """Where a caller stands: their deadline, their certificate, and what comes first."""

    found: Deadline
    certificate: Certificate
    first: NextStep


def _standing(context: StepContext) -> _Standing:
    """Return where this caller stands at this moment."""
    variables = context.state.variables
    calendar = england_and_wales(context.environment.one_off_holidays)
    found, certificate = deadline_from_answers(variables, calendar), certificate_status(variables)
    return _Standing(found, certificate, next_step(found, certificate, context.environment.now))


@lru_cache(maxsize=512)  # the letters of one day are mostly of the same few weeks
def _say(words: Words, at: str, standing: _Standing, *, asks: bool = False) -> Say:
    """Return what is said of where the caller stands, and the key to go on if one is waited for."""
    found = standing.found
    days = {
        "deadline": found.deadline,
        "contact_by": found.contact_by or found.deadline,
        "send_by": found.send_by or found.deadline,
        "last_day": found.tribunal_last_day or found.deadline,
    }
    said = {name: speak_date(day, words) for name, day in days.items()}
    sentences = (words.speech(own(at, name), **said) for name in _names(*standing))
    return words.say(*sentences, _on(words, at, "then") if asks else ())


def _on(words: Words, at: str, name: str) -> Speech:
    return words.speech(own(at, name), key=Key(ON))


def _names(found: Deadline, certificate: Certificate, first: NextStep) -> tuple[str, ...]:
    """Return the names of the sentences."""
    missing = ("certificate_first",) if certificate is Certificate.missing else ()
    not_needed = ("no_certificate",) if certificate is Certificate.not_needed else ()
    extension = ("extension",) if found.tribunal_last_day != found.deadline else ()
    by_five = "by_five" if found.send_by == found.deadline else "send_by"
    match first:
        case NextStep.get_certificate:
            return (*missing, "contact_by", "tell_adviser", "appeal_until")
        case NextStep.get_certificate_today:
            return (*missing, "contact_today", "tell_adviser", "appeal_month")
        case NextStep.appeal:
            return ("last_day", by_five, *extension, *not_needed)
        case NextStep.appeal_by_five:
            return ("last_day", "today_by_five", *extension, *not_needed)
        case NextStep.appeal_today:
            return ("last_day", "send_today", *extension, *not_needed)
        case NextStep.extension:
            return ("extension_only", *not_needed)
        case NextStep.ask_permission:
            return ("permission",)
        case NextStep.late:
            return ("late",)
        case NextStep.unknown:
            return (*missing, "unknown")


KIND = SayDeadline
