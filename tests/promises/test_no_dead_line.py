"""No dead line: there is always a person, a way on, or a spoken goodbye."""

import pytest

from ivr.simulator.network.callee import CALLEES
from ivr.simulator.network.waits import AwaitDigits
from ivr.simulator.phone import Phone
from ivr.steps.menu import Menu
from ivr.steps.transfer import Transfer
from tests.phone_calls import ADVISERS, breaks, everywhere, rings, stopped, telephone


async def until_the_end(phone: Phone, key: str = "") -> Phone:
    """Do the same thing, or nothing, until the call is over."""
    for _ in range(40):
        if not phone.ended:
            await (phone.presses(key) if key and isinstance(phone.pending, AwaitDigits) else phone.waits())
    return phone


@pytest.mark.parametrize("behaviour", CALLEES)
@pytest.mark.parametrize("key", ["", "9"], ids=["silence", "wrong keys"])
async def test_no_dead_line_for_a_caller_who_does_nothing_right(key: str, behaviour: str) -> None:
    phone = await until_the_end(await telephone(otherwise=behaviour).dials(), key)
    phone.hears("Goodbye")
    assert phone.dialled[0].number == ADVISERS[0]
    assert not phone.failures


@everywhere
async def test_no_dead_line_when_every_machine_of_ours_stops(keys: tuple[str, ...]) -> None:
    phone = await rings(telephone(), *keys)
    rung = len(phone.dialled)
    phone.app = stopped
    (await phone.waits()).hears("our helpline is not working", "0 8 0 0 0 6 4 4 4 8 8", "Goodbye")
    assert [ring.number for ring in phone.dialled[rung:]] == list(ADVISERS)
    assert not phone.failed


async def test_no_dead_line_when_a_step_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Menu, "answer", breaks)
    phone = await rings(telephone(otherwise="accepts"), "2")
    phone.hears("something went wrong on our side", "Would you like a text with what you have heard")
    assert phone.dialled[0].number == ADVISERS[0]
    assert not phone.failures


async def test_no_dead_line_when_even_the_way_to_a_person_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Transfer, "enter", breaks)
    phone = await rings(telephone(), "0")
    phone.hears("our helpline is not working", "Goodbye")
    assert [ring.number for ring in phone.dialled] == list(ADVISERS)
    assert not phone.failures
