"""The fake REST API for messages does what Twilio documents, and injects faults."""

from typing import Any

import httpx2
import pytest

from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.faults import (
    CONNECTION_LOST,
    CONNECTION_LOST_BEFORE,
    GATEWAY_ERROR,
    LOST,
    NOT_JSON,
    SERVER_ERROR,
    Fault,
    rejection,
)
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from tests.simulator.rest_api_client import Listener, client, listener, twilio

__all__ = ["client", "listener", "twilio"]

PARENT = "+447700900123"
TEXTS = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages"
STATUS = "https://helpline.example/sms/status?t=abc"


def text(**changes: str) -> dict[str, str]:
    form = {"To": PARENT, "From": SENDER, "Body": "Hello.", "StatusCallback": STATUS} | changes
    return {name: value for name, value in form.items() if value}


async def hand_in(client: httpx2.AsyncClient, **changes: str) -> Any:
    return (await client.post(f"{TEXTS}.json", data=text(**changes))).json()


async def test_a_text_is_taken_and_told_of_when_asked(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{TEXTS}.json", data=text())
    message = response.json()
    assert response.status_code == 201
    assert (message["status"], message["to"], message["date_sent"]) == ("queued", PARENT, None)
    assert message["date_created"] == "Mon, 23 Nov 2026 10:00:00 +0000"
    assert (await client.get(f"{TEXTS}/{message['sid']}.json")).json()["body"] == "Hello."
    assert [one.body for one in twilio.messages] == ["Hello."]


async def test_status_callbacks_are_signed_and_posted_in_order(
    twilio: TwilioAccount, client: httpx2.AsyncClient, listener: Listener
) -> None:
    message = await hand_in(client)
    await twilio.callbacks_delivered()
    assert listener.statuses == ["sent", "delivered"]
    assert {form["MessageSid"] for form in listener.heard} == {message["sid"]}


@pytest.mark.parametrize(
    "statuses", [("delivered", "sent"), ("sent", "sent", "delivered", "delivered"), ("queued", "undelivered")]
)
async def test_status_callbacks_may_be_doubled_and_in_any_order(
    twilio: TwilioAccount, client: httpx2.AsyncClient, listener: Listener, statuses: tuple[str, ...]
) -> None:
    twilio.inject(Fault(statuses=statuses, error_code=30003))
    await hand_in(client)
    await twilio.callbacks_delivered()
    assert tuple(listener.statuses) == statuses
    assert twilio.messages[0].status in ("delivered", "undelivered")
    assert [form.get("ErrorCode") for form in listener.heard if form["MessageStatus"] == "undelivered"] in (
        [],
        ["30003"],
    )


async def test_status_callbacks_may_be_late(
    twilio: TwilioAccount, client: httpx2.AsyncClient, listener: Listener
) -> None:
    twilio.inject(Fault(statuses=("delivered",), status_interval=0.02))
    await hand_in(client)
    assert listener.statuses == []
    await twilio.callbacks_delivered()
    assert listener.statuses == ["delivered"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "07700900123"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "Helpline"}, 21212),
        ({"From": "+447700900998"}, 21606),
        ({"To": SENDER}, 21266),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"StatusCallback": "nowhere"}, 21609),
    ],
)
async def test_a_text_with_a_mistake_is_refused(
    twilio: TwilioAccount, client: httpx2.AsyncClient, changes: dict[str, str], code: int
) -> None:
    response = await client.post(f"{TEXTS}.json", data=text(**changes))
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert not twilio.messages


async def test_whoever_texted_stop_is_texted_no_more(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    twilio.opted_out.add(PARENT)
    assert (await hand_in(client))["code"] == 21610
    assert not twilio.messages


@pytest.mark.parametrize(
    ("account", "credentials", "status"),
    [(ACCOUNT_SID, (ACCOUNT_SID, "wrong"), 401), ("AC1", (ACCOUNT_SID, "token"), 404)],
)
async def test_strangers_are_sent_away(
    twilio: TwilioAccount, client: httpx2.AsyncClient, account: str, credentials: tuple[str, str], status: int
) -> None:
    url = f"/2010-04-01/Accounts/{account}/Messages.json"
    assert (await client.post(url, data=text(), auth=credentials)).status_code == status
    assert not twilio.messages


@pytest.mark.parametrize("fault", [CONNECTION_LOST, LOST])
async def test_the_line_is_cut_after_a_text_was_taken(
    twilio: TwilioAccount, client: httpx2.AsyncClient, fault: Fault
) -> None:
    twilio.inject(fault)
    with pytest.raises(httpx2.RemoteProtocolError):
        await hand_in(client)
    assert len(twilio.messages) == 1


async def test_the_line_is_cut_before_a_text_was_taken(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    twilio.inject(CONNECTION_LOST_BEFORE)
    with pytest.raises(httpx2.RemoteProtocolError):
        await hand_in(client)
    assert not twilio.messages


@pytest.mark.parametrize(
    ("fault", "status", "taken"),
    [(SERVER_ERROR, 500, 1), (NOT_JSON, 200, 1), (GATEWAY_ERROR, 503, 1), (rejection(21614), 400, 0)],
)
async def test_other_ways_to_fail(
    twilio: TwilioAccount, client: httpx2.AsyncClient, fault: Fault, status: int, taken: int
) -> None:
    twilio.inject(fault)
    assert (await client.post(f"{TEXTS}.json", data=text())).status_code == status
    assert len(twilio.messages) == taken


async def test_who_is_too_fast_is_told_how_long_to_wait(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    twilio.inject(rejection(20429, 429, retry_after=7))
    response = await client.post(f"{TEXTS}.json", data=text())
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
    assert not twilio.messages


async def test_the_list_comes_in_pages_newest_first(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    for body in "abc":
        await hand_in(client, Body=body)
    await hand_in(client, To="+447700900124")
    first = (await client.get(f"{TEXTS}.json", params={"To": PARENT, "PageSize": "2"})).json()
    second = (await client.get(first["next_page_uri"])).json()
    assert [[one["body"] for one in page["messages"]] for page in (first, second)] == [["c", "b"], ["a"]]
    assert second["next_page_uri"] is None


async def test_filters_by_day_miss_what_was_not_sent_yet(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    twilio.inject(Fault(statuses=()))
    await hand_in(client, Body="waits")
    await hand_in(client, Body="sent")
    await twilio.callbacks_delivered()
    for name in ("DateSent", "DateSent>", "DateSent<"):
        found = (await client.get(f"{TEXTS}.json", params={name: "2026-11-23"})).json()["messages"]
        assert [one["body"] for one in found] == ["sent"]


async def test_what_is_deleted_is_gone_and_what_is_on_its_way_cannot_be(
    twilio: TwilioAccount, client: httpx2.AsyncClient
) -> None:
    twilio.inject(Fault(statuses=()))
    sid = (await hand_in(client))["sid"]
    assert (await client.delete(f"{TEXTS}/{sid}.json")).status_code == 409
    await twilio.post_status(twilio.messages[0], "delivered")
    assert (await client.delete(f"{TEXTS}/{sid}.json")).status_code == 204
    assert (await client.delete(f"{TEXTS}/{sid}.json")).status_code == 404
    assert not twilio.messages


async def test_recordings_and_calls_can_be_deleted_too(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    twilio.deletable.add("Recordings/RE1")
    assert (await client.delete(f"/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/RE1.json")).status_code == 204
    assert not twilio.deletable
