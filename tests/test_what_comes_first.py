"""Every decision, with and without a certificate, around every date, before and after five: what comes first is said
first, and neither the call, nor the text, nor what an adviser reads says two things that contradict one another."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations, product

import pytest

from ivr.engine.call_state import CallState
from ivr.engine.effects import SendText
from ivr.engine.run import PendingEffect, Reply, begin
from ivr.helpline.advice import deadline_advice
from ivr.helpline.call_variables import CouncilDecision
from ivr.helpline.deadlines import Deadline, work_out
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import good_rules
from ivr.helpline.next_step import Certificate
from ivr.helpline.rota import of_setting
from ivr.helpline.spoken import date_words
from ivr.helpline.timezone import LONDON
from ivr.helpline.working_days import england_and_wales
from ivr.loader import load
from tests.made_up import said

HELPLINE = load()
ONE_DAY = timedelta(days=1)
CALENDAR = england_and_wales()
HOURS = (time(10), time(16, 59), time(17), time(21))
LETTERS = {
    "ends on a working day": (date(2026, 10, 14), date(2026, 11, 20)),
    "ends on a Sunday": (date(2026, 9, 15), date(2026, 10, 30)),
    "ends in August": (date(2026, 6, 10), date(2026, 7, 6)),
    "ends at a weekend in August": (date(2026, 6, 30), date(2026, 7, 31)),
    "ends at Christmas": (date(2026, 10, 25), date(2026, 11, 28)),
}
"""By how two months end, the date on a letter and that on a certificate."""
WITH_THE_SCHOOL = [
    *((decision, None) for decision in CouncilDecision if decision is not CouncilDecision.plan),
    (CouncilDecision.plan, "no"),
    (CouncilDecision.plan, "yes"),
]
"""The decisions; for a plan, whether it is only about the school."""


@dataclass(frozen=True)
class Caller:
    """What somebody has told us."""

    decision: CouncilDecision
    school_only: str | None
    letter: date
    certificate: date | None

    @property
    def certificate_status(self) -> Certificate:
        if self.school_only == "yes":
            return Certificate.not_needed
        return Certificate.held if self.certificate else Certificate.missing

    @property
    def found(self) -> Deadline:
        return work_out(self.letter, self.certificate, self.certificate_status is Certificate.not_needed, CALENDAR)

    @property
    def state(self) -> CallState:
        variables = {"decision": str(self.decision), "letter": self.letter.isoformat(), "mobile": "+447700900123"}
        variables |= {"school_only": self.school_only} if self.school_only else {}
        variables |= {"has_certificate": "yes" if self.certificate else "no"}
        variables |= {"certificate": self.certificate.isoformat()} if self.certificate else {}
        return CallState(topic="deadline", variables=variables)

    def moments(self) -> Iterator[datetime]:
        """The day before, the day of and the day after each of the dates, at several hours."""
        found = self.found
        dates = {found.deadline, found.mediation_contact_by, found.send_by, found.tribunal_last_day, found.contact_by}
        days = {day + step for day in dates if day for step in (-ONE_DAY, timedelta(0), ONE_DAY)}
        for day, hour in product(sorted(days), HOURS):
            if day >= (self.certificate or self.letter):
                yield datetime.combine(day, hour, LONDON)


CALLERS = [
    pytest.param(
        Caller(decision, school_only, letter, held),
        id=f"{decision}, only the school: {school_only}, {'with' if held else 'without'} a certificate, {how}",
    )
    for how, (letter, certificate) in LETTERS.items()
    for decision, school_only in WITH_THE_SCHOOL
    for held in (None, certificate)
]
in_every_case = pytest.mark.parametrize("caller", CALLERS)


def environment(now: datetime) -> HelplineEnvironment:
    checked = good_rules(HELPLINE.rules, date.min)
    return HelplineEnvironment(
        now, HELPLINE.contacts, of_setting(("+447700900001",)), "01632 960000", good_rules=checked
    )


def reply_to(caller: Caller, now: datetime) -> Reply | PendingEffect:
    return begin(HELPLINE.flows, "deadline/work_out", environment(now), caller.state)


def heard(caller: Caller, now: datetime) -> str:
    """All that is said before the next key; on the way to a person, what is said before they are rung."""
    reply = reply_to(caller, now)
    if isinstance(reply, PendingEffect):
        return " ".join(part for say in reply.said for part in say.speech if isinstance(part, str))
    return said(reply.turn)


def texted(caller: Caller, now: datetime) -> str:
    reply = reply_to(caller, now)
    pending = begin(HELPLINE.flows, "sms/text", environment(now), reply.state)
    assert isinstance(pending, PendingEffect)
    assert isinstance(pending.effect, SendText)
    return pending.effect.body


def read(caller: Caller, now: datetime) -> str:
    return " ".join(deadline_advice(caller.found, caller.certificate_status, now))


def is_over(caller: Caller, now: datetime) -> bool:
    """Whether the last day is over: at five, if the Tribunal is there that day; else at its end."""
    day = caller.found.deadline
    ends = datetime.combine(day, time(17), LONDON) if CALENDAR.is_working_day(day) else None
    return now >= ends if ends else now.date() > day


@in_every_case
def test_what_comes_first_is_said_first(caller: Caller) -> None:
    found = caller.found
    assert found.tribunal_last_day
    for now in caller.moments():
        if caller.certificate_status is Certificate.missing:
            in_time = now.date() <= found.mediation_contact_by
            opening = "First you need a mediation certificate." if in_time else "The two months"
        elif now >= datetime.combine(found.tribunal_last_day, time(17), LONDON):
            opening = "Your last day to appeal, "
        else:
            opening = "Your last day to appeal was" if is_over(caller, now) else "Your last day to appeal is"
        assert heard(caller, now).startswith(opening), now


@in_every_case
def test_whoever_is_out_of_time_comes_to_a_person_and_nobody_else_does(caller: Caller) -> None:
    found = caller.found
    assert found.tribunal_last_day
    for now in caller.moments():
        if caller.certificate_status is Certificate.missing:
            late = now.date() > found.mediation_contact_by
        else:
            late = now >= datetime.combine(found.tribunal_last_day, time(17), LONDON)
        assert (reply_to(caller, now).at == "person/queue") == late, now


@in_every_case
def test_five_o_clock_is_said_only_while_it_can_be_kept(caller: Caller) -> None:
    send_by = caller.found.send_by
    assert send_by
    for now in caller.moments():
        by_five = bool(re.search(r"by five (?!o)|by five o'clock on", heard(caller, now)))
        can_be_kept = now < datetime.combine(send_by, time(17), LONDON)
        assert by_five == (can_be_kept and caller.certificate_status is not Certificate.missing), now


APART = {
    "a certificate first": r"[Ff]irst (?:you need|get) a mediation certificate|First a mediation certificate is needed",
    "an appeal to send now": r"[Ss]end (?:your appeal|it) (?:to the SEND|today|now|at once)|[Hh]ave (?:your|it)",
    "a last day ahead": r"last day to appeal is|appeal must reach the Tribunal by",
    "a last day that was": r"last day to appeal was",
    "a last day that has passed": r"probably passed",
    "permission": r"permission",
    "no certificate": r"need(?:s)? no mediation certificate",
}
"""What can be said of where a caller stands."""
TOGETHER = {
    frozenset({"an appeal to send now", one}) for one in ("a last day ahead", "a last day that was", "no certificate")
} | {
    frozenset({"an appeal to send now", "a last day that has passed"}),
    frozenset({"no certificate", "a last day ahead"}),
    frozenset({"no certificate", "a last day that was"}),
    frozenset({"no certificate", "a last day that has passed"}),
}
"""The pairs of these that may be heard together; every other pair contradicts itself."""


@in_every_case
@pytest.mark.parametrize("source", [heard, texted, read], ids=["call", "text", "adviser"])
def test_no_two_sentences_contradict_one_another(caller: Caller, source: Callable[[Caller, datetime], str]) -> None:
    for now in caller.moments():
        words = source(caller, now)
        found = [name for name, pattern in APART.items() if re.search(pattern, words)]
        wrong = [pair for pair in combinations(found, 2) if frozenset(pair) not in TOGETHER]
        assert not wrong, f"{now}: {words}"
        assert found, f"{now}: {words}"


@in_every_case
def test_call_text_and_adviser_say_the_same(caller: Caller) -> None:
    of_standing = ("a certificate first", "a last day that has passed", "permission")
    for now in caller.moments():
        sources = [source(caller, now) for source in (heard, texted, read)]
        for name in of_standing:
            assert len({bool(re.search(APART[name], words)) for words in sources}) == 1, (now, name, sources)


AHEAD = re.compile(r"(?:By|until|ends on|appeal is|by five o'clock on) (\w+day the [\w-]+ of \w+, [\w -]+?)(?:[.,]|$)")
GONE = re.compile(r"(?:ended on|appeal was) (\w+day the [\w-]+ of \w+, [\w -]+?)(?:[.,]|$)")


@in_every_case
def test_a_day_that_is_named_for_something_to_do_has_not_gone(caller: Caller) -> None:
    pattern = HELPLINE.flows.words.text("helpline.date")
    days = [caller.letter + n * ONE_DAY for n in range(250)]
    every = {pattern.format(**date_words(day, "en-GB")): day for day in days}
    for now in caller.moments():
        words = heard(caller, now)
        assert AHEAD.findall(words) or GONE.findall(words) or "probably passed" in words, f"{now}: {words}"
        assert all(every[day] >= now.date() for day in AHEAD.findall(words)), f"{now}: {words}"
        assert all(every[day] <= now.date() for day in GONE.findall(words)), f"{now}: {words}"
