"""Every known deadline, worked out and heard in a whole call."""

import csv
from datetime import date, datetime
from functools import cache
from pathlib import Path
from re import sub
from shutil import copytree
from tempfile import mkdtemp

import pytest

from ivr.app import build
from ivr.config import CONTENT
from ivr.helpline.spoken import date_words
from ivr.loader import load
from ivr.simulator.phone import Phone
from ivr.simulator.twiml.timing import contains_phrase
from tests.phone_calls import rings, telephone
from tests.test_calls import settings

CASES = list(csv.DictReader((Path(__file__).parent / "helpline/deadlines.csv").read_text("utf-8").splitlines()))
KNOWN = [case for case in CASES if case["expect"] == "ok"]
PATTERN = load().flows.words.text("helpline.date")
YES, NO = "1", "2"
ONLY_THE_SCHOOL = [
    case | {"id": f"{case['id']}, only the school", "section_i_only": "yes"}
    for case in KNOWN
    if case["section_i_only"] == "no" and not case["certificate_date"]
]
"""The rows without a certificate once more: with a final plan that is wrong about the school alone, none is needed."""
EVERY = KNOWN + ONLY_THE_SCHOOL
WHOLE = [case for case in EVERY if case["say_send_by"]]
FIRST_THE_ADVISER = [case for case in WHOLE if case["section_i_only"] == "no" and not case["certificate_date"]]
FIRST_THE_LAST_DAY = [case for case in WHOLE if case not in FIRST_THE_ADVISER]
FAR_APART = "more than four months after the letter"


@cache
def checked_anew() -> Path:
    """Our own flows and prompts, if every rule of law were checked again in time: the table goes years ahead."""
    folder = Path(mkdtemp())
    for part in ("flows", "prompts"):
        copytree(CONTENT / part, folder / part)
    rules = folder / "flows" / "rules.yaml"
    rules.write_text(sub(r"good_until: \S+", "good_until: 2199-01-01", rules.read_text("utf-8")), "utf-8")
    return folder


def spoken(day: str) -> str:
    """A date of the table as a caller hears it."""
    return PATTERN.format(**date_words(date.fromisoformat(day), "en-GB"))


def keyed(day: str) -> str:
    """A date of the table, even one that never was, as eight digits."""
    year, month, day_of_month = day.split("-")
    return day_of_month + month + year


def sentences_with(phone: Phone, day: str) -> list[str]:
    """What was said about a date."""
    return [sentence for sentence in phone.heard.split(".") if contains_phrase(sentence, spoken(day))]


async def asks_for_the_last_day(case: dict[str, str]) -> Phone:
    """Ring on the day of the newest paper, and key in what it says."""
    letter, certificate = case["letter_date"], case["certificate_date"]
    if case["section_i_only"] == "yes":  # of a final plan: only the school, and agreed with everything else
        keys = ["1", "3", keyed(letter), YES, YES, YES]
    else:  # no assessment
        keys = ["1", "1", keyed(letter), YES, *([YES, keyed(certificate), YES] if certificate else [NO])]
    at = f"{max(letter, certificate)}T10:00"
    app = build(settings({"IVR_CONTENT": str(checked_anew())}), lambda: datetime.fromisoformat(f"{at}+00:00"))
    phone = await rings(telephone(at, app=app), *keys)
    return await phone.presses(YES, when_named=True) if FAR_APART in phone.heard else phone


def test_every_row_is_heard_one_way_or_the_other() -> None:
    assert FIRST_THE_ADVISER
    assert {case["section_i_only"] for case in FIRST_THE_LAST_DAY} == {"yes", "no"}


@pytest.mark.parametrize("case", FIRST_THE_LAST_DAY, ids=lambda case: case["id"])
async def test_a_caller_who_can_appeal_hears_the_last_day_first_and_in_words(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    first, *_ = phone.heard.split(".")
    assert contains_phrase(first, f"Your last day to appeal is {spoken(case['deadline'])}"), phone.transcript


@pytest.mark.parametrize("case", FIRST_THE_ADVISER, ids=lambda case: case["id"])
async def test_a_caller_without_a_certificate_hears_by_when_to_ring_the_adviser_first(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    first, second, *after = phone.heard.split(".")
    assert contains_phrase(first, "First you need a mediation certificate"), phone.transcript
    contact_by = f"By {spoken(case['say_send_by'])}, ring the mediation adviser named in your letter"
    assert contains_phrase(second, contact_by), phone.transcript
    assert case["deadline"] == case["mediation_contact_by"]
    [then] = [sentence for sentence in after if contains_phrase(sentence, "you can appeal until")]
    assert contains_phrase(
        then, f"until {spoken(case['deadline'])}, or a month from the certificate's date, whichever is later"
    )


@pytest.mark.parametrize("case", FIRST_THE_ADVISER, ids=lambda case: case["id"])
async def test_a_caller_without_a_certificate_hears_nothing_of_sending_an_appeal(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    phone.hears_not("last day to appeal", "Send your appeal", "Have your appeal", "by five", "do not wait")
    if case["tribunal_last_day"] != case["deadline"]:
        phone.hears_not(spoken(case["tribunal_last_day"]))


@pytest.mark.parametrize("case", FIRST_THE_LAST_DAY, ids=lambda case: case["id"])
async def test_a_caller_hears_when_to_have_it_in_by(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    if case["say_send_by"] == case["deadline"]:
        phone.hears("by five that afternoon")
    else:
        phone.hears(f"by five o'clock on {spoken(case['say_send_by'])}")


@pytest.mark.parametrize("case", FIRST_THE_LAST_DAY, ids=lambda case: case["id"])
async def test_the_tribunals_own_extra_time_is_only_said_with_a_warning(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    if case["tribunal_last_day"] == case["deadline"]:
        phone.hears_not("do not wait")
        return
    (said,) = sentences_with(phone, case["tribunal_last_day"])
    assert contains_phrase(said, "but do not wait")


@pytest.mark.parametrize("case", FIRST_THE_LAST_DAY, ids=lambda case: case["id"])
async def test_the_mediation_adviser_is_only_heard_of_by_whoever_has_no_certificate(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    phone.hears_not("mediation adviser")
    if case["section_i_only"] == "yes":
        phone.hears("You need no certificate for this")
    (await phone.presses("1", when_named=True)).hears("Who is it about?")
    (await phone.presses("1", when_named=True)).hears("To hear how to appeal").hears_not("mediation")


@pytest.mark.parametrize("case", [case for case in EVERY if not case["say_send_by"]], ids=lambda case: case["id"])
async def test_past_the_bank_holidays_a_person_checks_the_date(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    phone.hears("the date needs to be checked", "We are ringing an adviser")
    phone.hears(f"We make your last day {spoken(case['deadline'])}")
    assert ("First you need a mediation certificate" in phone.heard) == (
        case["section_i_only"] == "no" and not case["certificate_date"]
    )
    assert phone.dialled


ERRORS = {
    "invalid_letter_date": ("That isn't a real date", "The date on the letter, please"),
    "invalid_certificate_date": ("That isn't a real date", "The date on the certificate, please"),
    "certificate_before_letter": ("That is before the date on the letter", "The date on the certificate, please"),
}


@pytest.mark.parametrize("case", [case for case in CASES if case["expect"] == "error"], ids=lambda case: case["id"])
async def test_a_date_that_will_not_do_is_explained_and_asked_for_again(case: dict[str, str]) -> None:
    keys = ["1", "1", keyed(case["letter_date"])]
    if case["certificate_date"]:
        keys += [YES, YES, keyed(case["certificate_date"])]
    phone = await rings(telephone("2026-11-23T10:00"), *keys)
    phone.hears(*ERRORS[case["error"]])
    (await phone.presses("15112026", pause=1)).hears(spoken("2026-11-15"), "Is that right")
