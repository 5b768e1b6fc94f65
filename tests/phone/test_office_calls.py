"""The make-believe office places and ends calls, keeps recordings and queues, as Twilio documents it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from ivr.phone.office import ACCOUNT, CALLER, Office
from ivr.phone.office_manner import BABBLES, BREAKS, CUTS_OFF, CUTS_OFF_BEFORE, FORGETS, GATEWAY_DOWN, Manner, refuses
from ivr.phone.office_queue import Place
from ivr.phone.sound import seconds_of_wav
from tests.phone.test_office import Listener

ADVISER = "+447700900001"
NOW = datetime(2026, 11, 23, 10, 0, 0, 500_000, tzinfo=UTC)
HERE = f"/2010-04-01/Accounts/{ACCOUNT}"
FORM = {"To": ADVISER, "From": CALLER, "Url": "https://helpline.example/voice/screening/offer?m=abc"}
STATUS = {"StatusCallback": "https://helpline.example/sms/status?t=abc"}


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def office(listener: Listener) -> Office:
    return Office(line=httpx2.ASGITransport(listener.app), clock=lambda: NOW)


@pytest.fixture
async def line(office: Office) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(office.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://office", auth=(ACCOUNT, "token")) as client:
        yield client


async def placed(line: httpx2.AsyncClient, **more: Any) -> Any:
    return (await line.post(f"{HERE}/Calls.json", data=FORM | more)).json()


async def test_a_call_is_placed_and_told_of_when_asked(office: Office, line: httpx2.AsyncClient) -> None:
    response = await line.post(f"{HERE}/Calls.json", data=FORM)
    call = response.json()
    assert response.status_code == 201
    assert (call["status"], call["to"], call["from"], call["direction"]) == ("queued", ADVISER, CALLER, "outbound-api")
    assert call["sid"].startswith("CA")
    assert len(call["sid"]) == 34
    assert (await line.get(f"{HERE}/Calls/{call['sid']}.json")).json() == call
    one = office.calls[0]
    assert (one.url, one.method, one.timeout) == (FORM["Url"], "POST", 60)
    assert set(one.events) == {"completed"}


async def test_a_call_is_placed_as_it_was_asked_for(office: Office, line: httpx2.AsyncClient) -> None:
    events = ["initiated", "answered"]
    more = STATUS | {"StatusCallbackMethod": "GET", "Timeout": "20", "Method": "GET", "StatusCallbackEvent": events}
    await placed(line, **more)
    one = office.calls[0]
    assert (one.method, one.timeout, one.callback_method) == ("GET", 20, "GET")
    assert set(one.events) == set(events)
    assert [one.wants_news_of(status) for status in ("initiated", "ringing", "in-progress", "busy")] == [1, 0, 1, 0]


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
    ],
)
async def test_a_call_with_a_mistake_is_refused(
    office: Office, line: httpx2.AsyncClient, changes: dict[str, str], code: int
) -> None:
    response = await line.post(f"{HERE}/Calls.json", data=FORM | changes)
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert not office.calls


@pytest.mark.parametrize(
    ("manner", "status", "taken"),
    [
        (BREAKS, 500, 1),
        (BABBLES, 200, 1),
        (GATEWAY_DOWN, 503, 1),
        (refuses(20429, 429), 429, 0),
        (FORGETS, None, 1),
        (CUTS_OFF, None, 1),
        (CUTS_OFF_BEFORE, None, 0),
        (Manner(wait=0.01), 201, 1),
    ],
)
async def test_placing_a_call_can_fail(
    office: Office, line: httpx2.AsyncClient, manner: Manner, status: int | None, taken: int
) -> None:
    office.behaves(manner)
    if status is None:
        with pytest.raises(httpx2.RemoteProtocolError):
            await line.post(f"{HERE}/Calls.json", data=FORM)
    else:
        assert (await line.post(f"{HERE}/Calls.json", data=FORM)).status_code == status
    assert len(office.calls) == taken
    for one in office.calls:
        found = await line.get(f"{HERE}/Calls/{one.sid}.json")
        assert found.status_code == (404 if manner is FORGETS else 200)


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
    office: Office, line: httpx2.AsyncClient, status: str, wish: str, becomes: str
) -> None:
    sid = (await placed(line))["sid"]
    office.calls[0].becomes(status)
    response = await line.post(f"{HERE}/Calls/{sid}.json", data={"Status": wish})
    assert (response.status_code, response.json()["status"]) == (200, becomes)


async def test_a_call_that_is_over_cannot_be_ended(office: Office, line: httpx2.AsyncClient) -> None:
    sid = (await placed(line))["sid"]
    office.calls[0].becomes("busy")
    response = await line.post(f"{HERE}/Calls/{sid}.json", data={"Status": "completed"})
    assert (response.status_code, response.json()["code"]) == (400, 21220)


@pytest.mark.parametrize("form", [{}, {"Status": "busy"}, {"Status": "completed", "Url": "https://helpline.example/"}])
async def test_nothing_else_can_be_changed(office: Office, line: httpx2.AsyncClient, form: dict[str, str]) -> None:
    sid = (await placed(line))["sid"]
    response = await line.post(f"{HERE}/Calls/{sid}.json", data=form)
    assert (response.status_code, response.json()["code"]) == (400, 20001)


@pytest.mark.parametrize(("manner", "status"), [(CUTS_OFF_BEFORE, "queued"), (CUTS_OFF, "canceled")])
async def test_ending_a_call_can_fail_too(
    office: Office, line: httpx2.AsyncClient, manner: Manner, status: str
) -> None:
    sid = (await placed(line))["sid"]
    office.behaves(manner)
    with pytest.raises(httpx2.RemoteProtocolError):
        await line.post(f"{HERE}/Calls/{sid}.json", data={"Status": "canceled"})
    assert office.calls[0].status == status


async def test_news_of_a_call_can_be_told_in_any_order(
    office: Office, line: httpx2.AsyncClient, listener: Listener
) -> None:
    sid = (await placed(line, **STATUS))["sid"]
    for status in ("completed", "ringing", "completed"):
        await office.tells(office.calls[0], status)
    assert [(form["CallSid"], form["CallStatus"]) for form in listener.heard] == [
        (sid, "completed"),
        (sid, "ringing"),
        (sid, "completed"),
    ]


async def test_a_call_that_goes_on_cannot_be_deleted(office: Office, line: httpx2.AsyncClient) -> None:
    sid = (await placed(line))["sid"]
    assert (await line.delete(f"{HERE}/Calls/{sid}.json")).status_code == 409
    office.calls[0].becomes("no-answer")
    assert (await line.delete(f"{HERE}/Calls/{sid}.json")).status_code == 204
    assert (await line.get(f"{HERE}/Calls/{sid}.json")).status_code == 404
    assert (await line.delete(f"{HERE}/Calls/{sid}.json")).status_code == 404


@pytest.mark.parametrize("path", ["Calls/CA1.json", "Recordings/RE1.json", "Recordings/RE1.wav", "Queues/QU1.json"])
async def test_strangers_and_what_is_not_there(office: Office, line: httpx2.AsyncClient, path: str) -> None:
    assert (await line.get(f"{HERE}/{path}")).status_code == 404
    assert (await line.get(f"{HERE}/{path}", auth=(ACCOUNT, "wrong"))).status_code == 401
    if path.endswith(".json"):
        assert (await line.delete(f"{HERE}/{path}")).status_code == 404
    assert office.asked[0] == f"GET {HERE}/{path}"


async def test_strangers_place_and_end_no_calls(office: Office, line: httpx2.AsyncClient) -> None:
    sid = (await placed(line))["sid"]
    for path in ("Calls.json", f"Calls/{sid}.json"):
        response = await line.post(f"{HERE}/{path}", data=FORM | {"Status": "canceled"}, auth=(ACCOUNT, "wrong"))
        assert response.status_code == 401
    assert (await line.post(f"{HERE}/Calls/CA1.json", data={"Status": "canceled"})).status_code == 404
    assert [one.status for one in office.calls] == ["queued"]


async def test_a_recording_is_handed_over_once_it_is_completed(office: Office, line: httpx2.AsyncClient) -> None:
    recording = office.keeps("CA1", "It is Ann", 3.0)
    path = f"{HERE}/Recordings/{recording.sid}"
    assert (await line.get(f"{path}.json")).json()["status"] == "processing"
    assert (await line.get(f"{path}.wav")).status_code == (await line.get(f"{path}.mp3")).status_code == 404
    recording.status = "completed"
    told, wav, mp3 = [await line.get(path + ending) for ending in (".json", ".wav", ".mp3")]
    assert (told.json()["duration"], told.json()["call_sid"]) == ("3", "CA1")
    assert (wav.headers["content-type"], mp3.headers["content-type"]) == ("audio/x-wav", "audio/mpeg")
    assert seconds_of_wav(wav.content) == 3
    assert mp3.content.startswith(b"ID3")
    assert b"It is Ann" in mp3.content
    assert (await line.get(f"{path}.wav", auth=(ACCOUNT, "wrong"))).status_code == 401
    assert (await line.get(f"{path}.mp3", auth=(ACCOUNT, "wrong"))).status_code == 401
    assert (await line.delete(f"{path}.json")).status_code == 204
    assert (await line.get(f"{path}.wav")).status_code == 404
    assert not office.recordings


async def test_a_queue_can_be_deleted_when_nobody_is_in_it(office: Office, line: httpx2.AsyncClient) -> None:
    queue = office.queue("hunt")
    place = Place(queue, "CA1", 0.0, print)
    queue.places.append(place)
    path = f"{HERE}/Queues/{queue.sid}.json"
    told = (await line.get(path)).json()
    assert (told["friendly_name"], told["current_size"], told["max_size"]) == ("hunt", 1, 1000)
    refused = await line.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (400, 22001)
    place.leaves(12.0)
    assert (await line.get(path)).json()["average_wait_time"] == 12
    assert (await line.delete(path)).status_code == 204
    assert (await line.get(path)).status_code == 404
    assert office.queue_named("hunt") is None
