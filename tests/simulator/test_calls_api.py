"""The fake REST API for calls, recordings and queues does what Twilio documents."""

from itertools import repeat
from typing import Any

import httpx2
import pytest

from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
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
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.queue import QueueMember
from ivr.simulator.twiml.timing import wav_duration
from tests.simulator.rest_api_client import Listener, client, listener, twilio

__all__ = ["client", "listener", "twilio"]

ADVISER = "+447700900001"
HERE = f"/2010-04-01/Accounts/{ACCOUNT_SID}"
FORM = {"To": ADVISER, "From": CALLER_ID, "Url": "https://helpline.example/voice/screening/offer?m=abc"}
STATUS = {"StatusCallback": "https://helpline.example/sms/status?t=abc"}


async def placed(client: httpx2.AsyncClient, **more: Any) -> Any:
    return (await client.post(f"{HERE}/Calls.json", data=FORM | more)).json()


async def test_texts_can_fail_while_calls_are_placed(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    twilio.inject_from(repeat(GATEWAY_ERROR), into="Messages")
    text = {"To": ADVISER, "From": SENDER, "Body": "Hello."}
    assert (await client.post(f"{HERE}/Messages.json", data=text)).status_code == 503
    assert (await client.post(f"{HERE}/Calls.json", data=FORM)).status_code == 201


async def test_a_call_is_placed_and_told_of_when_asked(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{HERE}/Calls.json", data=FORM)
    call = response.json()
    assert response.status_code == 201
    assert (call["status"], call["to"], call["from"], call["direction"]) == (
        "queued",
        ADVISER,
        CALLER_ID,
        "outbound-api",
    )
    assert call["sid"].startswith("CA")
    assert len(call["sid"]) == 34
    assert (await client.get(f"{HERE}/Calls/{call['sid']}.json")).json() == call
    one = twilio.calls[0]
    assert (one.url, one.method, one.timeout) == (FORM["Url"], "POST", 60)
    assert set(one.events) == {"completed"}


async def test_a_call_is_placed_as_it_was_asked_for(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    events = ["initiated", "answered"]
    more = STATUS | {"StatusCallbackMethod": "GET", "Timeout": "20", "Method": "GET", "StatusCallbackEvent": events}
    await placed(client, **more)
    one = twilio.calls[0]
    assert (one.method, one.timeout, one.status_callback_method) == ("GET", 20, "GET")
    assert set(one.events) == set(events)
    assert [one.wants_callback_for(status) for status in ("initiated", "ringing", "in-progress", "busy")] == [
        1,
        0,
        1,
        0,
    ]


async def test_a_call_may_bring_its_own_document_and_is_recorded_if_asked(
    twilio: TwilioAccount, client: httpx2.AsyncClient
) -> None:
    script = {"Url": [], "Twiml": "<Response><Hangup/></Response>", "Record": "true", "RecordingChannels": "dual"}
    sid = (await placed(client, **script))["sid"]
    assert (twilio.calls[0].twiml, twilio.calls[0].recorded) == (script["Twiml"], True)
    twilio.add_call_recording(sid, 3, b"")
    [recording] = (await client.get(f"{HERE}/Recordings.json", params={"CallSid": sid})).json()["recordings"]
    assert (recording["source"], recording["channels"], recording["status"]) == ("OutboundAPI", 2, "completed")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": ""}, 21201),
        ({"To": "07700900001"}, 21211),
        ({"From": ""}, 21213),
        ({"From": "Helpline"}, 21212),
        ({"From": "+441632960001"}, 21210),
        ({"Url": ""}, 21205),
        ({"Url": "nowhere"}, 21205),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"StatusCallbackEvent": "initiated ringing"}, 21626),
        ({"StatusCallbackEvent": ["ringing", "busy"]}, 21626),
        ({"Timeout": "0"}, 20001),
        ({"Timeout": "601"}, 20001),
        ({"Timeout": "soon"}, 20001),
        ({"Method": "PUT"}, 20001),
        ({"StatusCallbackMethod": "PUT"}, 20001),
        ({"Twiml": "<Response/>"}, 20001),
        ({"Url": [], "Twiml": " " * 4001}, 20001),
        ({"Record": "true", "RecordingChannels": "mono"}, 20001),
    ],
)
async def test_a_call_with_a_mistake_is_refused(
    twilio: TwilioAccount, client: httpx2.AsyncClient, changes: dict[str, str], code: int
) -> None:
    response = await client.post(f"{HERE}/Calls.json", data=FORM | changes)
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert not twilio.calls


@pytest.mark.parametrize(
    ("fault", "status", "taken"),
    [
        (SERVER_ERROR, 500, 1),
        (NOT_JSON, 200, 1),
        (GATEWAY_ERROR, 503, 1),
        (rejection(20429, 429), 429, 0),
        (LOST, None, 1),
        (CONNECTION_LOST, None, 1),
        (CONNECTION_LOST_BEFORE, None, 0),
        (Fault(delay=0.01), 201, 1),
    ],
)
async def test_placing_a_call_can_fail(
    twilio: TwilioAccount, client: httpx2.AsyncClient, fault: Fault, status: int | None, taken: int
) -> None:
    twilio.inject(fault)
    if status is None:
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.post(f"{HERE}/Calls.json", data=FORM)
    else:
        assert (await client.post(f"{HERE}/Calls.json", data=FORM)).status_code == status
    assert len(twilio.calls) == taken
    for one in twilio.calls:
        found = await client.get(f"{HERE}/Calls/{one.sid}.json")
        assert found.status_code == (404 if fault is LOST else 200)


@pytest.mark.parametrize(
    ("status", "wish", "becomes"),
    [
        ("queued", "canceled", "canceled"),
        ("ringing", "canceled", "canceled"),
        ("ringing", "completed", "canceled"),
        ("in-progress", "canceled", "in-progress"),
        ("in-progress", "completed", "completed"),
    ],
)
async def test_a_call_can_be_ended(
    twilio: TwilioAccount, client: httpx2.AsyncClient, status: str, wish: str, becomes: str
) -> None:
    sid = (await placed(client))["sid"]
    twilio.calls[0].set_status(status)
    response = await client.post(f"{HERE}/Calls/{sid}.json", data={"Status": wish})
    assert (response.status_code, response.json()["status"]) == (200, becomes)


async def test_a_call_that_is_over_cannot_be_ended(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    sid = (await placed(client))["sid"]
    twilio.calls[0].set_status("busy")
    response = await client.post(f"{HERE}/Calls/{sid}.json", data={"Status": "completed"})
    assert (response.status_code, response.json()["code"]) == (400, 21220)


@pytest.mark.parametrize("form", [{}, {"Status": "busy"}, {"Status": "completed", "Url": "https://helpline.example/"}])
async def test_nothing_else_can_be_changed(
    twilio: TwilioAccount, client: httpx2.AsyncClient, form: dict[str, str]
) -> None:
    sid = (await placed(client))["sid"]
    response = await client.post(f"{HERE}/Calls/{sid}.json", data=form)
    assert (response.status_code, response.json()["code"]) == (400, 20001)


@pytest.mark.parametrize(("fault", "status"), [(CONNECTION_LOST_BEFORE, "queued"), (CONNECTION_LOST, "canceled")])
async def test_ending_a_call_can_fail_too(
    twilio: TwilioAccount, client: httpx2.AsyncClient, fault: Fault, status: str
) -> None:
    sid = (await placed(client))["sid"]
    twilio.inject(fault)
    with pytest.raises(httpx2.RemoteProtocolError):
        await client.post(f"{HERE}/Calls/{sid}.json", data={"Status": "canceled"})
    assert twilio.calls[0].status == status


async def test_status_callbacks_of_a_call_can_be_posted_in_any_order(
    twilio: TwilioAccount, client: httpx2.AsyncClient, listener: Listener
) -> None:
    sid = (await placed(client, **STATUS))["sid"]
    for status in ("completed", "ringing", "completed"):
        await twilio.post_status(twilio.calls[0], status)
    assert [(form["CallSid"], form["CallStatus"]) for form in listener.heard] == [
        (sid, "completed"),
        (sid, "ringing"),
        (sid, "completed"),
    ]


async def test_a_call_that_goes_on_cannot_be_deleted(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    sid = (await placed(client))["sid"]
    assert (await client.delete(f"{HERE}/Calls/{sid}.json")).status_code == 409
    twilio.calls[0].set_status("no-answer")
    assert (await client.delete(f"{HERE}/Calls/{sid}.json")).status_code == 204
    assert (await client.get(f"{HERE}/Calls/{sid}.json")).status_code == 404
    assert (await client.delete(f"{HERE}/Calls/{sid}.json")).status_code == 404


@pytest.mark.parametrize("path", ["Calls/CA1.json", "Recordings/RE1.json", "Recordings/RE1.wav", "Queues/QU1.json"])
async def test_strangers_and_what_is_not_there(twilio: TwilioAccount, client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(f"{HERE}/{path}")).status_code == 404
    assert (await client.get(f"{HERE}/{path}", auth=(ACCOUNT_SID, "wrong"))).status_code == 401
    if path.endswith(".json"):
        assert (await client.delete(f"{HERE}/{path}")).status_code == 404
    assert twilio.requests[0] == f"GET {HERE}/{path}"


async def test_strangers_place_and_end_no_calls(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    sid = (await placed(client))["sid"]
    for path in ("Calls.json", f"Calls/{sid}.json"):
        response = await client.post(f"{HERE}/{path}", data=FORM | {"Status": "canceled"}, auth=(ACCOUNT_SID, "wrong"))
        assert response.status_code == 401
    assert (await client.post(f"{HERE}/Calls/CA1.json", data={"Status": "canceled"})).status_code == 404
    assert [one.status for one in twilio.calls] == ["queued"]


async def test_a_recording_is_handed_over_once_it_is_completed(
    twilio: TwilioAccount, client: httpx2.AsyncClient
) -> None:
    recording = twilio.add_recording("CA1", "It is Ann", 3.0)
    path = f"{HERE}/Recordings/{recording.sid}"
    assert (await client.get(f"{path}.json")).json()["status"] == "processing"
    assert (await client.get(f"{path}.wav")).status_code == (await client.get(f"{path}.mp3")).status_code == 404
    recording.status = "completed"
    told, wav, mp3 = [await client.get(path + ending) for ending in (".json", ".wav", ".mp3")]
    assert (told.json()["duration"], told.json()["call_sid"]) == ("3", "CA1")
    assert (wav.headers["content-type"], mp3.headers["content-type"]) == ("audio/x-wav", "audio/mpeg")
    assert wav_duration(wav.content) == 3
    assert mp3.content.startswith(b"ID3")
    assert b"It is Ann" in mp3.content
    assert (await client.get(f"{path}.wav", auth=(ACCOUNT_SID, "wrong"))).status_code == 401
    assert (await client.get(f"{path}.mp3", auth=(ACCOUNT_SID, "wrong"))).status_code == 401
    assert (await client.delete(f"{path}.json")).status_code == 204
    assert (await client.get(f"{path}.wav")).status_code == 404
    assert not twilio.recordings


async def test_a_queue_can_be_deleted_when_nobody_is_in_it(twilio: TwilioAccount, client: httpx2.AsyncClient) -> None:
    queue = twilio.get_or_create_queue("hunt")
    place = QueueMember(queue, "CA1", 0.0, print)
    queue.members.append(place)
    path = f"{HERE}/Queues/{queue.sid}.json"
    told = (await client.get(path)).json()
    assert (told["friendly_name"], told["current_size"], told["max_size"]) == ("hunt", 1, 1000)
    refused = await client.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (400, 22001)
    place.leave(12.0)
    assert (await client.get(path)).json()["average_wait_time"] == 12
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404
    assert twilio.find_queue("hunt") is None


async def test_a_call_may_be_made_from_each_number_of_the_account_and_from_those_verified(
    twilio: TwilioAccount, client: httpx2.AsyncClient
) -> None:
    twilio.incoming_numbers, twilio.verified_caller_ids = [IncomingNumberResource("+447700900555")], ["+441632960001"]
    for number in ("+447700900555", "+441632960001"):
        assert (await placed(client, From=number))["from"] == number
