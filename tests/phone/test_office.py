"""The make-believe office does what Twilio documents, and fails as it is told to."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from ivr.phone.office import ACCOUNT, SENDER, Office
from ivr.phone.office_manner import BABBLES, BREAKS, CUTS_OFF, CUTS_OFF_BEFORE, FORGETS, GATEWAY_DOWN, Manner, refuses

PARENT = "+447700900123"
NOW = datetime(2026, 11, 23, 10, 0, 0, 500_000, tzinfo=UTC)
TEXTS = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
STATUS = "https://helpline.example/sms/status?t=abc"


class Listener:
    """Hears the news of texts."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        self.app = Starlette(routes=[Route("/sms/status", self.hears, methods=["POST"])])

    async def hears(self, request: Request) -> Response:
        form = {name: str(value) for name, value in dict(httpx2.QueryParams((await request.body()).decode())).items()}
        validator = RequestValidator("token")
        assert validator.validate(str(request.url), form, request.headers["X-Twilio-Signature"])
        self.heard.append(form)
        return Response(status_code=204)

    @property
    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for form in self.heard]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def office(listener: Listener) -> Office:
    return Office(line=httpx2.ASGITransport(listener.app), clock=lambda: NOW)


@pytest.fixture
async def line(office: Office) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(office.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://office.example", auth=(ACCOUNT, "token")
    ) as client:
        yield client


def text(**changes: str) -> dict[str, str]:
    form = {"To": PARENT, "From": SENDER, "Body": "Hello.", "StatusCallback": STATUS} | changes
    return {name: value for name, value in form.items() if value}


async def hand_in(line: httpx2.AsyncClient, **changes: str) -> Any:
    return (await line.post(f"{TEXTS}.json", data=text(**changes))).json()


async def test_a_text_is_taken_and_told_of_when_asked(office: Office, line: httpx2.AsyncClient) -> None:
    response = await line.post(f"{TEXTS}.json", data=text())
    message = response.json()
    assert response.status_code == 201
    assert (message["status"], message["to"], message["date_sent"]) == ("queued", PARENT, None)
    assert message["date_created"] == "Mon, 23 Nov 2026 10:00:00 +0000"
    assert (await line.get(f"{TEXTS}/{message['sid']}.json")).json()["body"] == "Hello."
    assert [one.body for one in office.messages] == ["Hello."]


async def test_news_is_signed_and_comes_in_the_order_of_the_day(
    office: Office, line: httpx2.AsyncClient, listener: Listener
) -> None:
    message = await hand_in(line)
    await office.has_told()
    assert listener.statuses == ["sent", "delivered"]
    assert {form["MessageSid"] for form in listener.heard} == {message["sid"]}


@pytest.mark.parametrize(
    "news", [("delivered", "sent"), ("sent", "sent", "delivered", "delivered"), ("queued", "undelivered")]
)
async def test_news_may_come_doubled_and_in_any_order(
    office: Office, line: httpx2.AsyncClient, listener: Listener, news: tuple[str, ...]
) -> None:
    office.behaves(Manner(news=news, error=30003))
    await hand_in(line)
    await office.has_told()
    assert tuple(listener.statuses) == news
    assert office.messages[0].status in ("delivered", "undelivered")
    assert [form.get("ErrorCode") for form in listener.heard if form["MessageStatus"] == "undelivered"] in (
        [],
        ["30003"],
    )


async def test_news_may_come_late(office: Office, line: httpx2.AsyncClient, listener: Listener) -> None:
    office.behaves(Manner(news=("delivered",), news_after=0.02))
    await hand_in(line)
    assert listener.statuses == []
    await office.has_told()
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
    office: Office, line: httpx2.AsyncClient, changes: dict[str, str], code: int
) -> None:
    response = await line.post(f"{TEXTS}.json", data=text(**changes))
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert not office.messages


async def test_whoever_texted_stop_is_texted_no_more(office: Office, line: httpx2.AsyncClient) -> None:
    office.stopped.add(PARENT)
    assert (await hand_in(line))["code"] == 21610
    assert not office.messages


@pytest.mark.parametrize(
    ("account", "credentials", "status"), [(ACCOUNT, (ACCOUNT, "wrong"), 401), ("AC1", (ACCOUNT, "token"), 404)]
)
async def test_strangers_are_sent_away(
    office: Office, line: httpx2.AsyncClient, account: str, credentials: tuple[str, str], status: int
) -> None:
    url = f"/2010-04-01/Accounts/{account}/Messages.json"
    assert (await line.post(url, data=text(), auth=credentials)).status_code == status
    assert not office.messages


@pytest.mark.parametrize("manner", [CUTS_OFF, FORGETS])
async def test_the_line_is_cut_after_a_text_was_taken(office: Office, line: httpx2.AsyncClient, manner: Manner) -> None:
    office.behaves(manner)
    with pytest.raises(httpx2.RemoteProtocolError):
        await hand_in(line)
    assert len(office.messages) == 1


async def test_the_line_is_cut_before_a_text_was_taken(office: Office, line: httpx2.AsyncClient) -> None:
    office.behaves(CUTS_OFF_BEFORE)
    with pytest.raises(httpx2.RemoteProtocolError):
        await hand_in(line)
    assert not office.messages


@pytest.mark.parametrize(
    ("manner", "status", "taken"),
    [(BREAKS, 500, 1), (BABBLES, 200, 1), (GATEWAY_DOWN, 503, 1), (refuses(21614), 400, 0)],
)
async def test_other_ways_to_fail(
    office: Office, line: httpx2.AsyncClient, manner: Manner, status: int, taken: int
) -> None:
    office.behaves(manner)
    assert (await line.post(f"{TEXTS}.json", data=text())).status_code == status
    assert len(office.messages) == taken


async def test_who_is_too_fast_is_told_how_long_to_wait(office: Office, line: httpx2.AsyncClient) -> None:
    office.behaves(refuses(20429, 429, retry_after=7))
    response = await line.post(f"{TEXTS}.json", data=text())
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
    assert not office.messages


async def test_the_list_comes_in_pages_newest_first(office: Office, line: httpx2.AsyncClient) -> None:
    for body in "abc":
        await hand_in(line, Body=body)
    await hand_in(line, To="+447700900124")
    first = (await line.get(f"{TEXTS}.json", params={"To": PARENT, "PageSize": "2"})).json()
    second = (await line.get(first["next_page_uri"])).json()
    assert [[one["body"] for one in page["messages"]] for page in (first, second)] == [["c", "b"], ["a"]]
    assert second["next_page_uri"] is None


async def test_filters_by_day_miss_what_was_not_sent_yet(office: Office, line: httpx2.AsyncClient) -> None:
    office.behaves(Manner(news=()))
    await hand_in(line, Body="waits")
    await hand_in(line, Body="sent")
    await office.has_told()
    for name in ("DateSent", "DateSent>", "DateSent<"):
        found = (await line.get(f"{TEXTS}.json", params={name: "2026-11-23"})).json()["messages"]
        assert [one["body"] for one in found] == ["sent"]


async def test_what_is_deleted_is_gone_and_what_is_on_its_way_cannot_be(
    office: Office, line: httpx2.AsyncClient
) -> None:
    office.behaves(Manner(news=()))
    sid = (await hand_in(line))["sid"]
    assert (await line.delete(f"{TEXTS}/{sid}.json")).status_code == 409
    await office.tells(office.messages[0], "delivered")
    assert (await line.delete(f"{TEXTS}/{sid}.json")).status_code == 204
    assert (await line.delete(f"{TEXTS}/{sid}.json")).status_code == 404
    assert not office.messages


async def test_recordings_and_calls_can_be_deleted_too(office: Office, line: httpx2.AsyncClient) -> None:
    office.others.add("Recordings/RE1")
    assert (await line.delete(f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE1.json")).status_code == 204
    assert not office.others
