"""A call can begin at any step: with what it must know there, or at the step that asks for it."""

from collections.abc import Iterable, Iterator
from datetime import date

import pytest

from ivr.engine.effects import EffectStatus
from ivr.engine.environment import Environment
from ivr.engine.events import Digits, EffectResult, Event, NoInput
from ivr.engine.run import PendingEffect, Reply, begin, resume_with, run
from ivr.engine.verbs import Dial, Enqueue, Gather, Record
from ivr.errors import InvalidInput
from ivr.helpline.call_entry import Entry, entry_at, state_of
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import good_rules
from ivr.helpline.rota import of_setting
from ivr.loader import load
from tests.made_up import noon, said

HELPLINE = load()
FLOWS = HELPLINE.flows
DAY = date(2026, 11, 23)
MOBILE = "+447700900123"
EVENTS: tuple[Event, ...] = (NoInput(), *map(Digits, "0123456789*#"), Digits("14102026"), Digits("07700900456"))
MESSAGE = "0f8fad5b-d9cb-469f-a165-70867728950e"
"""What is stored has an id."""

every_step = pytest.mark.parametrize("at", FLOWS.steps)


def environment(caller: str = MOBILE) -> HelplineEnvironment:
    advisers = of_setting(("+447700900001",))
    good = good_rules(HELPLINE.rules, DAY)
    return HelplineEnvironment(noon(DAY), HELPLINE.contacts, advisers, caller=caller, good_rules=good)


def entry(at: str, caller: str = MOBILE, **given: str) -> Entry:
    return entry_at(FLOWS.steps, at, given, DAY, caller)


def entries(at: str) -> Iterator[tuple[Entry, str]]:
    """The usual way in, one with each other choice, and that of a caller whose number is withheld."""
    usual = entry(at)
    yield from ((usual, MOBILE), (entry(at, "anonymous"), "anonymous"))
    for field in usual.fields:
        yield from ((entry(at, **{field.name: choice}), MOBILE) for choice in field.choices if choice != field.value)


def settled(reply: Reply | PendingEffect, here: Environment) -> Reply:
    while isinstance(reply, PendingEffect):
        reply = resume_with(FLOWS, reply, EffectResult(EffectStatus.kept, MESSAGE), here)
    return reply


def after(reply: Reply, events: Iterable[Event], here: Environment) -> Iterator[Reply]:
    """What follows from each, where it can happen."""
    if any(isinstance(verb, Gather) for verb in reply.turn.verbs):
        yield from (settled(run(FLOWS, reply.at, reply.state, event, here), here) for event in events)


@every_step
def test_a_call_that_begins_at_a_step_goes_on_from_there_whatever_is_pressed(at: str) -> None:
    for way_in, caller in entries(at):
        if way_in.refused:
            assert "no caller" in way_in.refused or way_in.instead
            continue
        here = environment(caller)
        first = settled(begin(FLOWS, at, here, state_of(way_in, DAY, "")), here)
        assert first.path[0] == at
        assert said(first.turn) or any(isinstance(verb, Dial | Enqueue | Record) for verb in first.turn.verbs)
        for second in after(first, EVENTS, here):
            assert second.turn.verbs
            assert all(third.turn.verbs for third in after(second, (Digits("1"), Digits("2")), here))


@every_step
def test_the_steps_that_are_offered_instead_can_be_begun_at(at: str) -> None:
    for other in entry(at).instead:
        assert not entry(other).refused, other


def test_most_steps_need_nothing() -> None:
    ready = [at for at in FLOWS.steps if not entry(at).fields and not entry(at).refused]
    assert {"welcome/main", "deadline/letter", "person/ring", "texts/start", "messages/begin"} <= set(ready)
    assert len(ready) > len(FLOWS.steps) * 3 / 4


def test_a_date_is_asked_for_where_it_is_worked_with_and_a_fitting_one_is_offered() -> None:
    [letter] = entry("deadline/confirm_letter").fields
    assert (letter.name, letter.is_date, letter.asked_at) == ("letter", True, ("deadline/letter",))
    assert "Saturday the twenty-fourth of October" in heard_first("deadline/confirm_letter")


def heard_first(at: str, **given: str) -> str:
    here = environment()
    return said(settled(begin(FLOWS, at, here, state_of(entry(at, **given), DAY, "")), here).turn)


def test_what_else_a_deadline_needs_depends_on_what_was_given() -> None:
    def names(**given: str) -> set[str]:
        return {field.name for field in entry("deadline/work_out", **given).fields}

    assert names() == {"letter", "decision", "has_certificate"}
    assert names(has_certificate="yes") == {"letter", "decision", "has_certificate", "certificate"}
    assert names(decision="plan") == {"letter", "decision", "school_only", "has_certificate"}
    assert names(decision="plan", school_only="yes") == {"letter", "decision", "school_only"}
    assert "Monday the fourteenth of December" in heard_first("deadline/work_out", letter="2026-10-14")


def test_a_call_that_begins_after_the_deadline_was_told_knows_it() -> None:
    assert state_of(entry("texts/before_contact"), DAY, "").variables["told"] == "2026-12-24"
    assert "told" not in state_of(entry("callbacks/part"), DAY, "").variables


def test_what_a_step_goes_by_may_be_left_unsaid() -> None:
    form = {decision: heard_first("appeal/start", decision=decision) for decision in ("no_assessment", "no_plan", "")}
    assert len(set(form.values())) == 3


def test_a_young_person_hears_the_words_for_them() -> None:
    assert state_of(entry("young_people/by_right", whose_right="own"), DAY, "").audience == "young_person"


def test_what_only_a_call_can_make_is_made_at_the_step_before() -> None:
    assert entry("messages/review").instead == ("messages/begin",)
    assert entry("data_complaints/send").instead == ("data_complaints/begin",)


def test_what_no_caller_hears_first_says_so() -> None:
    assert (entry("person/waiting").instead, entry("screening/offer").instead) == (
        ("person/queue",),
        ("person/direct",),
    )
    assert entry("callbacks/offer").refused.startswith("An adviser hears it")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"letter": "tomorrow"}, "must be a date"),
        ({"letter": ""}, "must be a date"),
        ({"letter": "2026-11-24"}, "cannot be after today"),
        ({"decision": "maybe"}, "must be one of no assessment"),
        ({"has_certificate": "yes", "certificate": "2026-01-01"}, "cannot be before “letter”"),
    ],
)
def test_a_value_that_no_call_can_have_is_told(given: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        state_of(entry("deadline/work_out", **given), DAY, "")
