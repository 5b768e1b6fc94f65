"""The provider's time is told by any of its answers, and by nothing that is no date."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from ivr.telephony.rest import Provider
from ivr.telephony.server_date import GOOD_FOR, ServerDate

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Counter:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def test_the_time_goes_on_from_the_last_answer_for_an_hour() -> None:
    counter = Counter()
    date = ServerDate(counter)
    assert date.now() is None
    await date.note(httpx2.Response(500, headers={"Date": "Mon, 23 Nov 2026 12:00:00 GMT"}))
    assert date.now() == NOON
    counter.seconds += 90
    assert date.now() == NOON + timedelta(seconds=90)
    counter.seconds += GOOD_FOR
    assert date.now() is None


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])))
async def test_a_header_that_is_no_date_tells_nothing_and_harms_nothing(text: str) -> None:
    date = ServerDate()
    await date.note(httpx2.Response(200, headers=[(b"Date", f"{text} once upon a time".encode("latin-1"))]))
    assert date.now() is None


async def test_of_two_dates_such_as_a_proxy_adds_one_counts() -> None:
    date = ServerDate()
    both = [("Date", "Mon, 23 Nov 2026 12:00:00 GMT"), ("Date", "Mon, 23 Nov 2026 12:00:01 GMT")]
    await date.note(httpx2.Response(200, headers=both))
    assert (date.now() or NOON) - NOON < timedelta(seconds=5)


@pytest.mark.parametrize("token", ["token", "a wrong token"])
async def test_a_refusal_tells_the_time_too(token: str) -> None:
    account = TwilioAccount(clock=lambda: NOON)
    line = httpx2.ASGITransport(rest_api(account))
    async with Provider(ACCOUNT_SID, token, "http://office", 10, line) as provider:
        told = await provider.ask_date()
    assert told is not None
    assert abs(told - NOON) < timedelta(seconds=5)


async def test_a_provider_that_cannot_be_reached_tells_no_time() -> None:
    async with Provider(ACCOUNT_SID, "token", "http://127.0.0.1:1", 5) as provider:
        assert await provider.ask_date() is None
