"""Served on the local network too, the telephone is for guests, and everything else for this machine alone."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from ivr.app import build
from ivr.commands.browser_helpline import browser_telephone
from ivr.config import Settings
from ivr.simulator.browser.guests import MAX_WRONG, Guests
from ivr.simulator.browser.local_network import COOKIE, MAX_FORM, LocalNetwork
from ivr.simulator.browser.sentence_pages import NOT_FOR_GUESTS as NOT_FOR_GUESTS_TO_CHANGE
from tests.simulator.browsing import AT, ROOT

HERE, THERE = "192.168.1.5", "192.168.1.9"
HERE_6, THERE_6 = "fd00::5", "fd00::9"
CALL = {"CallSid": "CA1", "CallStatus": "ringing", "From": "anonymous"}
NOT_FOR_GUESTS = (
    *("/voice", "/voice/welcome/main", "/voice/status", "/voice/recording", "/sms", "/sms/status", "/metrics", "/"),
    *(
        "/console",
        "/console/today",
        "/desk",
        "/desk/x/adviser/console",
        "/health/live",
        "/health/ready",
        "/health/signed",
        "/recordings/x",
        "/phonebook",
    ),
    *("/phone/../voice", "/phone/%2e%2e/voice", "//voice", "/phone/..%2fvoice", "/PHONE/", "/phone%2f../voice"),
)
DISGUISES: tuple[Mapping[str, str], ...] = (
    {},
    {"Host": "localhost"},
    {"Host": "127.0.0.1:8000"},
    {"Host": "[::1]:8000"},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1;host=localhost"},
    {"X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "https"},
    {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
    {"ivr.guest": "True", "ivr-guest": "true"},
)


@pytest.fixture(scope="module")
def app() -> Starlette:
    return build(Settings.model_validate({"IVR_DEV": True}), phone=browser_telephone(ROOT, lambda: AT))


@pytest.fixture
def guests() -> Guests:
    return Guests()


@pytest.fixture
async def network(app: Starlette, guests: Guests) -> AsyncIterator[LocalNetwork]:
    yield LocalNetwork(app, guests)
    (telephone,) = [route.app for route in app.routes if isinstance(route, Mount) and route.path == "/phone"]
    assert isinstance(telephone, Starlette)
    async with telephone.router.lifespan_context(telephone):  # its end closes every trial
        pass


async def asks(
    network: LocalNetwork, method: str, path: str, client: str = THERE, server: str = HERE, **more: Any
) -> httpx2.Response:
    base = f"http://[{server}]:8000" if ":" in server else f"http://{server}:8000"
    line = httpx2.ASGITransport(network, client=(client, 4321))
    async with httpx2.AsyncClient(transport=line, base_url=base) as asking:
        return await asking.request(method, path, **more)


def cookie(guests: Guests) -> dict[str, str]:
    """Return the header of a browser that was let in."""
    return {"Cookie": f"{COOKIE}={guests.admit(guests.invite())}"}


@pytest.mark.parametrize("disguise", DISGUISES, ids=str)
@pytest.mark.parametrize("path", NOT_FOR_GUESTS)
async def test_nothing_but_the_telephone_is_there_for_another_machine_not_even_for_a_guest(
    network: LocalNetwork, guests: Guests, path: str, disguise: Mapping[str, str]
) -> None:
    for method in ("GET", "POST"):
        data = CALL if method == "POST" else None
        answer = await asks(network, method, path, headers={**cookie(guests), **disguise}, data=data)
        assert answer.status_code in (403, 404)
        assert "<Response" not in answer.text


@pytest.mark.parametrize("path", ["/phone", "/phone/"])
async def test_who_has_no_cookie_is_asked_for_the_code(network: LocalNetwork, path: str) -> None:
    answer = await asks(network, "GET", path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/phone/join")


@pytest.mark.parametrize("path", ["/phone/about", "/phone/static/phone.js", "/phone/trials", "/phone/trials/x/dial"])
@pytest.mark.parametrize("sent", ["", f"{COOKIE}=", f"{COOKIE}=guess", "other=x", '=;"\x07,'], ids=repr)
async def test_who_has_no_cookie_of_ours_gets_nothing_of_the_telephone(
    network: LocalNetwork, path: str, sent: str
) -> None:
    for method in ("GET", "POST"):
        answer = await asks(network, method, path, headers={"Cookie": sent} if sent else {})
        assert (answer.status_code, "ask for another" in answer.json()["error"]) == (403, True)


async def test_a_link_lets_a_browser_in_when_its_button_is_pressed(network: LocalNetwork, guests: Guests) -> None:
    code = guests.invite()
    for _ in range(3):  # a preview of the link in a messenger looks at it too
        shown = await asks(network, "GET", f"/phone/join?code={code}")
        assert (shown.status_code, f'value="{code}"' in shown.text) == (200, True)
    assert "anybody on it could read it" in shown.text
    let_in = await asks(network, "POST", "/phone/join", data={"code": code})
    assert (let_in.status_code, let_in.headers["location"]) == (303, "/phone/")
    set_cookie = let_in.headers["set-cookie"].lower()
    assert all(part in set_cookie for part in ("httponly", "samesite=strict", "path=/phone"))
    sent = {"Cookie": let_in.headers["set-cookie"].partition(";")[0]}
    assert "Ring the helpline" in (await asks(network, "GET", "/phone/", headers=sent)).text
    begun = await asks(network, "POST", "/phone/trials", headers=sent, json={"at": "2026-11-23T10:00"})
    assert begun.json()["call"]["is"] == "quiet"


async def test_over_ipv6_it_is_the_same(network: LocalNetwork, guests: Guests) -> None:
    sent = cookie(guests)
    assert (await asks(network, "GET", "/phone/", THERE_6, HERE_6, headers=sent)).status_code == 200
    assert (await asks(network, "POST", "/voice", THERE_6, HERE_6, headers=sent, data=CALL)).status_code == 403
    assert (await asks(network, "GET", "/phone/about", THERE_6, HERE_6)).status_code == 403


async def test_a_code_that_was_used_is_told_of_on_the_page(network: LocalNetwork, guests: Guests) -> None:
    code = guests.invite()
    await asks(network, "POST", "/phone/join", data={"code": code})
    again = await asks(network, "POST", "/phone/join", data={"code": code})
    assert (again.status_code, "This link has been used" in again.text) == (403, True)
    assert "set-cookie" not in again.headers


async def test_codes_are_not_guessed_at_for_long(network: LocalNetwork, guests: Guests) -> None:
    code = guests.invite()
    for _ in range(MAX_WRONG):
        await asks(network, "POST", "/phone/join", data={"code": "guess"})
    closed = await asks(network, "POST", "/phone/join", data={"code": code})
    assert (closed.status_code, "Too many wrong codes" in closed.text) == (403, True)


@pytest.mark.parametrize("body", [b"", b"code", b"\xff\xfe", b"code=" + b"A" * MAX_FORM, b"code=<script>"])
async def test_whatever_is_posted_instead_of_a_code_is_answered(network: LocalNetwork, body: bytes) -> None:
    answer = await asks(network, "POST", "/phone/join", content=body)
    assert (answer.status_code, "<script>" in answer.text) == (403, False)


async def test_what_stands_in_a_link_cannot_be_markup(network: LocalNetwork) -> None:
    shown = await asks(network, "GET", "/phone/join", params={"code": '"><script>x</script>'})
    assert "<script>" not in shown.text
    assert "default-src 'self'" in shown.headers["content-security-policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "elsewhere.example:8000"},
        {"Host": "192.168.1.6:8000"},
        {"Host": "["},
        {"Host": ""},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": f"http://{HERE}:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
    ids=str,
)
async def test_a_page_of_another_site_can_do_nothing_in_a_guests_browser(
    network: LocalNetwork, guests: Guests, headers: Mapping[str, str]
) -> None:
    sent = {**cookie(guests), **headers}
    assert (await asks(network, "POST", "/phone/trials", headers=sent, json={})).status_code == 403
    assert (
        await asks(network, "POST", "/phone/join", headers=headers, data={"code": guests.invite()})
    ).status_code == 403


@pytest.mark.parametrize("client", ["8.8.8.8", "2a00:1450::1", "::ffff:8.8.8.8", "nobody", "127.0.0.1", "::1"])
async def test_who_is_no_neighbour_is_refused_with_any_cookie(
    network: LocalNetwork, guests: Guests, client: str
) -> None:
    """An address from afar was forwarded, and one of this machine's own towards the network is forged."""
    answer = await asks(network, "POST", "/voice", client, headers=cookie(guests), data=CALL)
    assert answer.status_code == 403
    if client not in ("127.0.0.1", "::1"):
        assert (await asks(network, "GET", "/phone/", client, headers=cookie(guests))).status_code == 403


async def test_this_machine_is_served_as_ever(network: LocalNetwork) -> None:
    for server in ("127.0.0.1", "::1"):
        assert (await asks(network, "GET", "/phone/", server, server)).status_code == 200
        assert "<Response" in (await asks(network, "POST", "/voice", server, server, data=CALL)).text
    rebound = await asks(network, "GET", "/phone/", "127.0.0.1", "127.0.0.1", headers={"Host": "elsewhere.example"})
    assert rebound.status_code == 403


async def test_a_guest_changes_no_file_of_this_machine(network: LocalNetwork, guests: Guests) -> None:
    sent = cookie(guests)
    begun = await asks(network, "POST", "/phone/trials", headers=sent, json={"at": "2026-11-23T10:00"})
    trial = f"/phone/trials/{begun.json()['name']}"
    await asks(network, "POST", f"{trial}/dial", headers=sent, json={})
    kept = await asks(network, "POST", f"{trial}/script", headers=sent, json={"name": "by_a_guest", "title": "x"})
    assert "Only on the machine that serves this telephone" in kept.json()["error"]
    assert not (ROOT / "tests/calls/by_a_guest.yaml").exists()


@pytest.mark.parametrize("action", ["open", "check", "save", "undo"])
async def test_a_guest_changes_no_words(network: LocalNetwork, guests: Guests, action: str) -> None:
    place = ["prompts/en-GB/welcome.yaml", "hello", "prompt"]
    fields = {"place": place, "words": "Hello.", "version": "0" * 16}
    answer = await asks(network, "POST", f"/phone/sentences/{action}", headers=cookie(guests), json=fields)
    assert (answer.status_code, answer.json()) == (400, {"error": NOT_FOR_GUESTS_TO_CHANGE})
