"""A caller whose number is withheld, or nonsense, gets all that every other caller gets."""

import json
from pathlib import Path

import pytest

from tests.phone_calls import TO_THE_ADVISER, goes_on, stopped, telephone

WITHHELD: list[str] = json.loads(Path(__file__).with_name("withheld.json").read_text("utf-8"))["values"]
OURS = "+441632960000"


@pytest.mark.parametrize("caller", WITHHELD)
async def test_a_withheld_caller_is_put_through_and_only_our_own_number_is_shown(caller: str) -> None:
    phone = telephone(caller=caller, otherwise="accepts")
    (await phone.dials()).hears("special needs helpline")
    (await phone.presses("0")).hears("Is there anything else")
    (await phone.presses("1")).hears("For a letter from the council")
    await goes_on(phone, *TO_THE_ADVISER, "1", "2")
    phone.hears("Is there anything else")
    assert [ring.number for ring in phone.dialled] == ["+447700900001", "+448000644488"]
    assert {ring.caller_id for ring in phone.dialled} == {OURS}
    assert not phone.failures


@pytest.mark.parametrize("caller", WITHHELD)
async def test_a_withheld_caller_is_put_through_even_when_we_are_down(caller: str) -> None:
    phone = telephone(caller=caller, app=stopped)
    (await phone.dials()).hears("We will try to ring an adviser", "Goodbye")
    assert {ring.caller_id for ring in phone.dialled} == {OURS}
