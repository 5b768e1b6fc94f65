"""Nothing leaks: no telephone number of a person in an address, a line of the log, or another's ear."""

import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator

import pytest

from ivr.simulator.phone import Phone
from ivr.steps.menu import Menu
from tests.conftest import Output
from tests.phone_calls import A_WHOLE_CALL, ADVISERS, CALLER, PLACES, breaks, rings, telephone


@pytest.fixture
async def calls(output: Output, caplog: pytest.LogCaptureFixture) -> AsyncIterator[list[Phone]]:
    """Calls of every sort, after nothing of them was found in the log."""
    placed = [await rings(telephone(otherwise="accepts"), *keys) for keys in (*PLACES.values(), A_WHOLE_CALL)]
    assert numbers_in(output()) == []
    yield placed
    logged = [caplog.handler.format(record) for record in caplog.get_records("call")]
    assert numbers_in("".join([output(), *logged])) == []


async def test_nothing_leaks_into_an_address(calls: list[Phone]) -> None:
    for phone in calls:
        asked = [webhook.url for webhook in phone.requests]
        written = [url for text in phone.documents for url in re.findall(r"https://[^\"<]+", text)]
        for url in asked + written:
            assert numbers_in(url) == []
            assert not re.search("14102026|2026-10-14", url + opened(url))


async def test_nothing_leaks_to_an_adviser(calls: list[Phone]) -> None:
    for phone in calls:
        for ring in phone.dialled:
            assert ring.caller_id == "+441632960000"
            assert numbers_in(phone.transcript.said_to(ring.number)) == []


async def test_nothing_leaks_because_nothing_is_recorded(calls: list[Phone]) -> None:
    assert not [text for phone in calls for text in phone.documents if "<Record" in text or "record=" in text]


async def test_nothing_leaks_when_something_breaks(monkeypatch: pytest.MonkeyPatch, output: Output) -> None:
    monkeypatch.setattr(Menu, "answer", breaks)
    await rings(telephone(), "2")
    logged = output()
    assert "step failed" in logged
    assert numbers_in(logged) == []


def numbers_in(text: str) -> list[str]:
    """Return the telephone numbers of people in a text, however they are written."""
    digits = re.sub(r"\D", "", text)
    return [number for number in (CALLER, *ADVISERS) if number[-9:] in digits]


def opened(url: str) -> str:
    """Return what the state token in a URL says to somebody without the key."""
    token = url.partition("?m=")[2]
    return urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("latin-1")
