"""No telephone number in a URL or in the log, and nothing of a caller's in either."""

import re
from collections.abc import Sequence

import httpx2
from starlette.applications import Starlette

from tests.conftest import Output
from tests.made_up import flows
from tests.web.webhooks import (
    ADVISERS,
    CALLER,
    OURS,
    SHOWN,
    URL,
    FailsOnAnswer,
    FailsOnEnter,
    action,
    app_of,
    ask,
    form_of,
    helpline,
    screen,
)

START = f"{URL}/voice"
NUMBERS = (CALLER, OURS, SHOWN, *ADVISERS)


def told(text: str, numbers: Sequence[str] = NUMBERS) -> list[str]:
    """Return the numbers in a text, however they are written."""
    digits = re.sub(r"\D", "", text)
    return [number for number in numbers if number[-9:] in digits]


async def whole_call(app: Starlette) -> list[httpx2.Response]:
    """Key in a date, ring a person, take the call as an adviser, and come back; return all answers."""
    replies = [await ask(app, START)]
    for keys in ("1", "1", "14102026", "1", "0"):
        replies.append(await ask(app, action(replies[-1]), form_of(Digits=keys)))
    offer = await ask(app, screen(replies[-1]), form_of("CA9", From=SHOWN, To=ADVISERS[0]))
    taken = await ask(app, action(offer), form_of("CA9", From=SHOWN, To=ADVISERS[0], Digits="1"))
    ended = form_of(DialCallStatus="completed", DialBridged="true", DialCallSid="CA9")
    return [*replies, offer, taken, await ask(app, action(replies[-1]), ended)]


async def test_no_number_and_no_date_stands_in_an_address() -> None:
    for response in await whole_call(helpline()):
        for address in re.findall(r'(?:action|url)="([^"]+)"|<Redirect[^>]*>([^<]+)<', response.text):
            assert told("".join(address)) == []
            assert not {"14102026", "2026-10-14"} & set(re.findall(r"[\d-]+", "".join(address)))


async def test_a_call_that_goes_well_leaves_no_number_in_the_log(output: Output) -> None:
    await whole_call(helpline())
    assert told(output()) == []


async def test_a_rejected_state_token_is_logged_with_the_step_and_no_number(output: Output) -> None:
    await ask(helpline(), f"{START}/welcome/main?m=SECRETSTATE", form_of(Digits="1"))
    logged = output()
    assert "state token rejected" in logged
    assert "welcome/main" in logged
    assert "SECRETSTATE" not in logged
    assert told(logged) == []


async def test_a_failed_step_is_logged_with_its_place_and_no_number(output: Output) -> None:
    app = app_of(flows({"town/well": FailsOnAnswer()}))
    await ask(app, action(await ask(app, START)), form_of(Digits="1"))
    logged = output()
    assert "step failed" in logged
    assert all(part in logged for part in ("town/well", "RuntimeError", "webhooks.py"))
    assert told(logged) == []


async def test_a_failed_fallback_turn_is_logged_with_no_number(output: Output) -> None:
    await ask(app_of(flows({"town/breaks": FailsOnEnter(), "person/broken": FailsOnEnter()})), START)
    logged = output()
    assert "fallback turn failed" in logged
    assert told(logged) == []


def test_a_number_is_found_however_it_is_written() -> None:
    assert told("07700 900123 or +44 1632 960-000") == [CALLER, SHOWN]
    assert told("m=Xy7k_2-9") == []
