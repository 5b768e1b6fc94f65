"""How long callers listen, in the telephone's own seconds: 150 words a minute, pauses counted."""

import pytest

from ivr.simulator.phone import Phone
from tests.phone_calls import LAST_DAY, LAST_DAY_WITH_A_CERTIFICATE, LETTER, everywhere, rings, telephone

GREETING, MENU, TO_A_PERSON, TO_THE_LAST_DAY = 10, 20, 20, 75


async def test_short_the_greeting_is_over_in_ten_seconds() -> None:
    phone = await telephone().dials()
    assert phone.seconds_until("For a person, press 0") <= GREETING


@pytest.mark.parametrize("key", ["*", "1", "2", "3", "4", "5"])
async def test_short_the_choices_of_a_menu_are_over_in_twenty_seconds(key: str) -> None:
    phone = await rings(telephone(), key)
    assert phone.seconds_until("press 5") - phone.heard_seconds <= MENU, phone.transcript


@pytest.mark.parametrize(
    ("keys", "last_day"),
    [
        (LAST_DAY, "Monday the fourteenth of December, twenty twenty-six"),
        (LAST_DAY_WITH_A_CERTIFICATE, "Sunday the twentieth of December, twenty twenty-six"),
        (("1", "3", "24092026", "1", "1", "1"), "Tuesday the twenty-fourth of November, twenty twenty-six"),
    ],
    ids=["no certificate", "with a certificate", "only about the school"],
)
async def test_short_the_last_day_is_heard_in_seventy_five_seconds(keys: tuple[str, ...], last_day: str) -> None:
    phone = await rings(telephone(), *keys)
    assert phone.seconds_until(last_day) < TO_THE_LAST_DAY, phone.transcript


@pytest.mark.parametrize(
    "keys",
    [("1", LETTER, "1"), ("2", LETTER, "1"), ("3", LETTER, "1", "2"), ("4", LETTER, "1"), ("5", LETTER, "1")],
    ids=["no assessment", "no plan", "a final plan", "no change", "a plan that ends"],
)
async def test_short_by_when_to_ring_the_adviser_is_heard_in_seventy_five_seconds_whatever_was_decided(
    keys: tuple[str, ...],
) -> None:
    phone = await rings(telephone(), "1", *keys, "2")
    contact_by = phone.seconds_until(
        "By Monday the fourteenth of December, twenty twenty-six, ring the mediation adviser"
    )
    assert phone.seconds_until("First you need a mediation certificate") < contact_by < TO_THE_LAST_DAY


@everywhere
async def test_short_a_person_rings_after_one_key_and_in_twenty_seconds(keys: tuple[str, ...]) -> None:
    phone = await rings(telephone(), *keys)
    phone.carrier.directory.default_callee = "rings"
    before, rung = phone.heard_seconds, len(phone.dialled)
    await phone.presses("0")
    assert phone.ringing == "+447700900001"
    assert len(phone.dialled) == rung + 1
    assert phone.heard_seconds - before < TO_A_PERSON


async def test_short_a_person_rings_for_a_caller_who_hears_the_greeting_out() -> None:
    phone = telephone(otherwise="rings")
    await phone.dials()
    await phone.presses("0", after="For a person, press 0")
    assert phone.ringing
    assert phone.heard_seconds < TO_A_PERSON


async def test_a_key_cuts_the_speech_short() -> None:
    phone = await telephone().dials()
    await phone.presses("2")
    assert phone.heard_seconds == 0
    phone.hears("For a plan that is late")


async def test_a_caller_is_given_ten_seconds_before_we_ask_again() -> None:
    for keys in (("2",), LAST_DAY[:2]):
        phone = await rings(telephone(), *keys)
        said_out = phone.clock + seconds_of_the_answer(phone)
        await phone.waits()
        assert phone.clock - said_out == pytest.approx(10)


def seconds_of_the_answer(phone: Phone) -> float:
    """How long it takes to say what is being said now."""
    return phone.seconds_until(phone.heard) - phone.heard_seconds
