"""Every known deadline, worked out and heard in a whole call."""

import csv
from datetime import date, datetime
from functools import cache
from pathlib import Path
from re import sub
from shutil import copytree
from tempfile import mkdtemp

import pytest

from ivr.app import build, load
from ivr.config import CONTENT
from ivr.helpline.spoken import spoken_date
from ivr.phone import Phone
from ivr.phone.speech import contains
from tests.ringing import rings, telephone
from tests.test_calls import settings

CASES = list(csv.DictReader((Path(__file__).parent / "helpline/deadlines.csv").read_text("utf-8").splitlines()))
KNOWN = [case for case in CASES if case["expect"] == "ok"]
PATTERN = load().service.words.text("helpline.date")
YES, NO = "1", "2"


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
    return spoken_date(date.fromisoformat(day), "en-GB", PATTERN)


def keyed(day: str) -> str:
    """A date of the table, even one that never was, in eight keys."""
    year, month, day_of_month = day.split("-")
    return day_of_month + month + year


def sentences_with(phone: Phone, day: str) -> list[str]:
    """What was said about a date."""
    return [sentence for sentence in phone.heard.split(".") if contains(sentence, spoken(day))]


async def asks_for_the_last_day(case: dict[str, str]) -> Phone:
    """Ring on the day of the newest paper, and key in what it says."""
    letter, certificate = case["letter_date"], case["certificate_date"]
    keys = ["1", "1", keyed(letter), YES, YES if case["section_i_only"] == "yes" else NO]
    if case["section_i_only"] == "no":
        keys += [YES, keyed(certificate), YES] if certificate else [NO]
    at = f"{max(letter, certificate)}T10:00"
    app = build(settings({"IVR_CONTENT": str(checked_anew())}), lambda: datetime.fromisoformat(f"{at}+00:00"))
    return await rings(telephone(at, app=app), *keys)


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: case["id"])
async def test_a_caller_hears_the_last_day_first_and_in_words(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    first = next(sentence for sentence in phone.heard.split(".") if "last day to appeal" in sentence)
    assert contains(first, spoken(case["deadline"])), phone.transcript


@pytest.mark.parametrize("case", [case for case in KNOWN if case["say_send_by"]], ids=lambda case: case["id"])
async def test_a_caller_hears_when_to_have_it_in_by(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    if case["say_send_by"] == case["deadline"]:
        phone.hears("by five that afternoon")
    else:
        phone.hears(f"by five o'clock on {spoken(case['say_send_by'])}")


@pytest.mark.parametrize("case", [case for case in KNOWN if case["say_send_by"]], ids=lambda case: case["id"])
async def test_the_tribunals_own_extra_time_is_only_said_with_a_warning(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    if case["tribunal_last_day"] == case["deadline"]:
        phone.hears_not("do not wait")
        return
    (said,) = sentences_with(phone, case["tribunal_last_day"])
    assert contains(said, "but do not wait")


@pytest.mark.parametrize("case", [case for case in KNOWN if case["say_send_by"]], ids=lambda case: case["id"])
async def test_by_when_to_contact_the_mediation_adviser_is_heard_by_whoever_has_no_certificate(
    case: dict[str, str],
) -> None:
    phone = await asks_for_the_last_day(case)
    await phone.presses("1", when_named=True)
    if case["certificate_date"] or case["section_i_only"] == "yes":
        phone.hears_not("contact a mediation adviser")
    else:
        phone.hears(f"The last day for that is {spoken(case['mediation_contact_by'])}")


@pytest.mark.parametrize("case", [case for case in KNOWN if not case["say_send_by"]], ids=lambda case: case["id"])
async def test_past_the_bank_holidays_a_person_checks_the_date(case: dict[str, str]) -> None:
    phone = await asks_for_the_last_day(case)
    phone.hears("the date needs to be checked", "We are ringing an adviser")
    assert phone.dialled


ERRORS = {
    "invalid_letter_date": ("There is no such day", "The date on the letter, please"),
    "invalid_certificate_date": ("There is no such day", "The date on the certificate, please"),
    "certificate_before_letter": ("That is before the date on the letter", "The date on the certificate, please"),
}


@pytest.mark.parametrize("case", [case for case in CASES if case["expect"] == "error"], ids=lambda case: case["id"])
async def test_a_date_that_will_not_do_is_explained_and_asked_for_again(case: dict[str, str]) -> None:
    keys = ["1", "1", keyed(case["letter_date"])]
    if case["certificate_date"]:
        keys += [YES, NO, YES, keyed(case["certificate_date"])]
    phone = await rings(telephone("2026-11-23T10:00"), *keys)
    phone.hears(*ERRORS[case["error"]])
    (await phone.presses("15112026", pause=1)).hears(spoken("2026-11-15"), "Is that right")
