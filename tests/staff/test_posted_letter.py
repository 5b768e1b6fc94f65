"""A letter by post: what was told, as it may be said on its day, and an address for the window."""

from datetime import date, datetime, timedelta

import pytest

from ivr.errors import InvalidInput
from ivr.helpline.timezone import today_in_london
from ivr.staff import posted_letter
from ivr.staff.posted_letter import FIRST, PostedLetter
from tests.staff.test_written_texts import GOOD, HELPLINE, LAST_DAY, texts
from tests.store.fixtures import NOW

OURS = "01632 960000"


def letter(
    *chosen: str,
    at: datetime = NOW,
    deadline: date | None = None,
    good: frozenset[str] = GOOD,
    name: str = "",
    address: str = "",
) -> PostedLetter:
    offered = texts(at, deadline, good=good)
    day = today_in_london(at)
    return posted_letter.write(HELPLINE, offered, chosen, OURS, day, deadline=deadline, name=name, address=address)


def test_what_to_do_first_and_the_last_day_come_before_all_else() -> None:
    found = letter("school", "deadline_certificate", deadline=LAST_DAY)
    assert [part.title for part in found.parts] == [FIRST, "A school or college"]
    assert found.parts[0].paragraphs[0].startswith("First get a mediation certificate.")
    assert "by Monday 14 December 2026, at" in found.parts[0].paragraphs[0]
    assert found.deadline == LAST_DAY


def test_a_letter_has_an_end_of_its_own_and_says_who_we_are_once() -> None:
    found = letter("school", "general")
    assert found.sender == f"Devon special needs helpline, {OURS}"
    paragraphs = [paragraph for part in found.parts for paragraph in part.paragraphs]
    assert not any(OURS in one or "No reply needed" in one for one in paragraphs)
    assert not any(one.startswith("Here is the information") for one in paragraphs)
    assert len(paragraphs) == len(set(paragraphs))


def test_whom_to_ring_is_who_can_help_with_what_is_told() -> None:
    mediation, *_ = letter("deadline_certificate", deadline=LAST_DAY).contacts
    assert (mediation.name, mediation.after_letter) == ("Global Mediation", True)
    school = letter("school").contacts
    assert {contact.name for contact in school} == {"Devon County Council's SEND Operations Team"}


def test_facts_that_have_run_out_are_not_in_it() -> None:
    in_a_year = NOW + timedelta(days=365)
    assert letter("school").contacts
    assert letter("general", at=in_a_year).contacts == ()
    with pytest.raises(InvalidInput):
        letter("school", good=frozenset())


def test_nobody_who_was_not_checked_is_named() -> None:
    every = letter(*(text.name for text in texts(NOW)), deadline=None).contacts
    assert "Devon Information Advice and Support" not in {contact.name for contact in every}
    assert len(every) >= 5


def test_name_and_address_are_lines_of_the_window() -> None:
    found = letter("school", name=" Jo  Hill ", address="1 High Street\r\n\n Exeter \nEX1 1AA\n")
    assert found.to == ("Jo Hill", "1 High Street", "Exeter", "EX1 1AA")
    assert found.name == "Jo Hill"
    assert "High Street" not in repr(found)


def test_an_address_that_does_not_fit_the_window_is_refused() -> None:
    with pytest.raises(InvalidInput, match="window"):
        letter("school", address="\n".join(map(str, range(9))))


def test_a_letter_that_tells_nothing_is_refused() -> None:
    for chosen in ((), ("gardening",)):
        with pytest.raises(InvalidInput, match="Choose"):
            letter(*chosen)
