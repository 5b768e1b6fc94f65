"""Nothing stale: what has run out is not said, and how to find out is said instead."""

from datetime import date, timedelta

import pytest

from ivr.fallback_document import fallback_document
from ivr.simulator.phone import Phone
from tests.made_up import noon
from tests.phone_calls import ADVISERS, goes_on, rings, telephone
from tests.test_calls import settings
from tests.walk import HELPLINE, MEDIATION

UNCHECKED = "until we have checked"
NUMBERS = {
    "0 8 0 0 0 6 4 4 4 8 8": (MEDIATION, ("0", "2", "4", "1", "1")),  # we are closed at that hour
    "0 3 0 0 3 0 3 5 8 5 7": ("send_tribunal", ("0", "2", "4", "2")),
    "0 3 0 0 0 6 1 0 6 1 4": ("ombudsman", ("5", "2", "1", "1", "1", "2")),
    "0 1 3 9 2 3 8 0 4 3 4": ("devon_send_team", ("3", "1", "1", "1", "1", "1", "1")),
    "0 1 7 5 2 4 3 9 8 8 4": ("plymouth_pals", ("5", "1", "2", "1")),
}
"""Each number with its name in contacts.yaml, and the keys to it."""


def is_good_until(name: str) -> date:
    """The last day of a contact, of a rule of law, or of all rules that a step states."""
    if step := HELPLINE.flows.steps.get(name):
        return min(HELPLINE.rules[rule].good_until for rule in step.states)
    return (HELPLINE.contacts.get(name) or HELPLINE.rules[name]).good_until


async def rings_late(day: date, keys: tuple[str, ...]) -> Phone:
    """Late in the evening of a day, when what is good until then still is."""
    return await rings(telephone(f"{day}T23:00"), *keys)


async def rings_after(day: date, keys: tuple[str, ...]) -> Phone:
    """In the night after it, as far as it goes: rules of law on the way may have run out too, and take fewer keys."""
    phone = await telephone(f"{day + timedelta(days=1)}T01:00").dials()
    for key in keys:
        if UNCHECKED not in phone.heard:
            await goes_on(phone, key)
    return phone


@pytest.mark.parametrize(("number", "found"), NUMBERS.items())
async def test_nothing_stale_a_number_is_said_until_it_runs_out_and_not_after(
    number: str, found: tuple[str, tuple[str, ...]]
) -> None:
    name, keys = found
    (await rings_late(is_good_until(name), keys)).hears(number, f"Once more {number}")
    stale = await rings_after(is_good_until(name), keys)
    stale.hears("until we have checked it").hears_not(number)
    assert not {ring.number for ring in stale.dialled} - set(ADVISERS)


def test_nothing_stale_in_the_document_for_when_we_are_down() -> None:
    number, day = "0 8 0 0,", is_good_until(MEDIATION)
    assert number in fallback_document(settings(), noon(day))
    assert number not in fallback_document(settings(), noon(day + timedelta(days=1)))


LAW = {
    "usually the Department for Education": ("school/after_governors", ("4", "5", "1")),
    "within ten working days": ("social_care/children", ("5", "2", "1")),
    "Quote Section F": ("support/in_plan", ("3", "1")),
    "to the organisation that gives it": ("health/about", ("5", "1", "5")),
    "within fifteen school days": ("exclusion/permanent", ("4", "1", "1", "1")),
    "every state school in England": ("school/complaining", ("4", "4", "1", "1")),
    "county court": ("discrimination/elsewhere", ("4", "2", "2")),
    "Key in the date on your newest decision letter": ("deadline/letter", ("1", "1")),
    "It costs nothing to appeal": ("appeal/form_35a", ("1", "1", "15022027", "1", "2", "1", "1", "3")),
    "five kinds of decision": ("decisions/which", ("2", "5", "2", "1")),
    "A paper about a new law is not the law": ("getting_a_plan/law", ("2", "5", "4")),
    "due within twenty weeks": ("getting_a_plan/late_plan", ("2", "1")),
    "the right to ask and to appeal is yours": ("young_people/parents", ("2", "5", "3", "1")),
    "ask the council for a transition assessment": ("turning_eighteen/care", ("5", "3", "1")),
    "the council must arrange suitable education": ("attendance/away", ("3", "3")),
    "There are two stages": ("transport/refused", ("3", "4")),
    "disagreement resolution": ("settling/what", ("3", "5", "1")),
}
"""What is said, with the step that says it and the keys to it."""


@pytest.mark.parametrize(("words", "found"), LAW.items())
async def test_nothing_stale_a_rule_of_law_is_said_until_it_runs_out_and_not_after(
    words: str, found: tuple[str, tuple[str, ...]]
) -> None:
    name, keys = found
    (await rings_late(is_good_until(name), keys)).hears(words)
    (await rings_after(is_good_until(name), keys)).hears(UNCHECKED).hears_not(words)
