"""A preview says what a caller of that moment would hear, by the engine that answers calls."""

from dataclasses import replace
from datetime import datetime

from ivr.engine.verbs import Say
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Closure
from ivr.helpline.rota import Adviser, RotaSnapshot
from ivr.helpline.timezone import LONDON
from ivr.loader import load
from ivr.staff.call_preview import CallPreview, environment_at, preview

HELPLINE = load()
MONDAY = datetime(2026, 12, 7, 10, tzinfo=LONDON)
SUNDAY = datetime(2026, 12, 6, 10, tzinfo=LONDON)
JO = Adviser("jo", "Jo Marsh", "+447700900010")


def at(moment: datetime, rota: RotaSnapshot, emergency: EmergencyMessage | None = None) -> CallPreview:
    return preview(HELPLINE.flows, environment_at(HELPLINE, rota, moment, emergency=emergency))


def words(said: tuple[Say, ...]) -> str:
    return " ".join(part for say in said for part in say.speech if isinstance(part, str))


def test_while_somebody_is_on_shift_their_telephone_rings() -> None:
    found = at(MONDAY, RotaSnapshot((JO,)))
    assert (found.opening.is_open, found.rings) == (True, (JO,))
    assert "dial 9 9 9" in words(found.first)


def test_in_a_gap_a_caller_hears_when_somebody_is_there_and_the_preview_says_that_it_is_one() -> None:
    later = RotaSnapshot((replace(JO, week={0: parse_spans(["13:00-17:00"])}),))
    found = at(MONDAY, later)
    assert (found.rings, found.is_gap) == ((), True)
    assert "today at one" in words(found.for_a_person)
    assert not at(MONDAY, RotaSnapshot((JO,))).is_gap
    assert not at(SUNDAY, later).is_gap
    assert at(MONDAY, RotaSnapshot((replace(JO, week={}),))).is_gap


def test_on_a_sunday_a_caller_hears_when_we_open_next_and_nobody_is_rung() -> None:
    found = at(SUNDAY, RotaSnapshot((JO,)))
    assert found.rings == ()
    assert "tomorrow at nine" in words(found.for_a_person)


def test_a_closure_is_heard_with_its_reason() -> None:
    closure = Closure(MONDAY.replace(hour=9), MONDAY.replace(hour=14), "training")
    found = at(MONDAY, RotaSnapshot((JO,), closures=(closure,)))
    assert found.rings == ()
    assert "Our advisers are in training." in words(found.for_a_person)
    assert "two" in words(found.for_a_person)


def test_an_emergency_message_is_heard_at_first() -> None:
    snow = EmergencyMessage("The council is closed today because of the snow.", MONDAY.replace(hour=18))
    assert snow.text in words(at(MONDAY, RotaSnapshot((JO,)), snow).first)
    assert snow.text not in words(at(MONDAY.replace(hour=18), RotaSnapshot((JO,)), snow).first)
