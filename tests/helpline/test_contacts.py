from datetime import date, datetime

import pytest

from ivr.engine.environment import Opening
from ivr.helpline.contacts import Contact
from ivr.helpline.hours_format import WeeklyHours, parse_spans
from ivr.helpline.timezone import LONDON
from ivr.loader import load

OFFICE = Contact(
    name="an office",
    hours="Mondays, nine to five",
    opens=WeeklyHours(monday=parse_spans(["09:00-17:00"])),
    hours_sure="V",
    sure="V",
    source="a test",
    checked_on=date(2026, 11, 1),
    good_until=date(2026, 11, 30),
)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


def test_somebody_whose_hours_we_know_is_there_in_these_and_not_at_others() -> None:
    assert OFFICE.opening(at("2026-11-23T09:00")) == Opening(is_open=True)
    assert OFFICE.opening(at("2026-11-23T17:00")) == Opening(is_open=False, opens=at("2026-11-30T09:00"))


def test_on_their_last_good_day_hours_count_and_after_it_somebody_is_worth_a_try_at_any_hour() -> None:
    assert not OFFICE.opening(at("2026-11-30T23:59")).is_open
    assert OFFICE.opening(at("2026-12-01T00:00")).is_open
    assert (OFFICE.hours_to_say(date(2026, 11, 30)), OFFICE.hours_to_say(date(2026, 12, 1))) == (OFFICE.hours, None)


@pytest.mark.parametrize("sure", ["P", "S", "K", None])
def test_hours_that_nobody_has_verified_keep_us_from_nothing(sure: str | None) -> None:
    assert OFFICE.model_copy(update={"hours_sure": sure}).opening(at("2026-11-22T03:00")).is_open


def test_somebody_without_hours_is_worth_a_try_at_any_hour() -> None:
    assert OFFICE.model_copy(update={"opens": None}).opening(at("2026-11-22T03:00")).is_open


def test_the_mediation_service_is_tried_at_any_hour_until_somebody_finds_out_theirs() -> None:
    assert load().contacts["mediation"].opening(at("2026-12-25T03:00")).is_open


def test_hours_by_weekday_are_known_only_of_those_whose_hours_are_verified() -> None:
    known = {name for name, contact in load().contacts.items() if contact.opens}
    assert known == {"devon_send_team", "plymouth_pals", "family_rights_group"}
    assert all(load().contacts[name].hours_sure == "V" for name in known)
