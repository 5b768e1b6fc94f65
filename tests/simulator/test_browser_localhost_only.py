"""The telephone in the browser is for this machine: it is not there in production, and no other site reaches it."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from ivr.app import build
from ivr.commands.browser_helpline import browser_telephone
from ivr.config import Settings
from ivr.simulator.browser.scenario_files import ScenarioFiles
from tests.simulator.browsing import AT, ROOT
from tests.test_calls import settings

ADDRESSES = (
    *("/phone", "/phone/", "/phone/about", "/phone/static/phone.js", "/phone/trials", "/phone/trials/x/dial"),
    *("/phone/pictures/whole", "/phone/trials/x/entry", "/phone/trials/x/requests"),
)
HERE = "http://localhost:8000"


def helpline(settings: Settings) -> Starlette:
    return build(settings, phone=browser_telephone(ROOT, lambda: AT))


async def asks(app: Starlette, method: str, path: str, client: str = "127.0.0.1", **more: Any) -> httpx2.Response:
    line = httpx2.ASGITransport(app, client=(client, 4321))
    async with httpx2.AsyncClient(transport=line, base_url=HERE) as asking:
        return await asking.request(method, path, **more)


@pytest.fixture(scope="module")
def in_development() -> Starlette:
    return helpline(Settings.model_validate({"IVR_DEV": True}))


@pytest.fixture(scope="module")
def in_production() -> Starlette:
    return helpline(settings())


@pytest.fixture
async def trial(in_development: Starlette) -> AsyncIterator[str]:
    """The address of one."""
    begun = await asks(in_development, "POST", "/phone/trials", json={"at": "2026-11-23T10:00"})
    yield f"/phone/trials/{begun.json()['name']}"
    mounts = {route.path: route.app for route in in_development.routes if isinstance(route, Mount)}
    telephone = mounts["/phone"]
    assert isinstance(telephone, Starlette)
    async with telephone.router.lifespan_context(telephone):  # its end closes every trial
        pass


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ADDRESSES)
async def test_in_production_there_is_no_such_address(in_production: Starlette, method: str, path: str) -> None:
    assert (await asks(in_production, method, path)).status_code == 404


async def test_on_this_machine_it_is_there(in_development: Starlette) -> None:
    assert "Ring the helpline" in (await asks(in_development, "GET", "/phone/")).text


@pytest.mark.parametrize("host", ["helpline.example", "localhost.example", "127.0.0.1.example", "10.0.0.1", "[", ""])
async def test_a_name_of_somebody_elses_that_leads_here_is_refused(in_development: Starlette, host: str) -> None:
    refused = await asks(in_development, "GET", "/phone/about", headers={"Host": host})
    assert (refused.status_code, "welcome" in refused.text) == (403, False)


async def test_another_machine_is_refused_whatever_name_it_uses(in_development: Starlette) -> None:
    assert (await asks(in_development, "GET", "/phone/", client="192.0.2.7")).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_page_of_another_site_can_do_nothing(in_development: Starlette, headers: Mapping[str, str]) -> None:
    refused = await asks(in_development, "POST", "/phone/trials", headers=headers, json={})
    assert refused.status_code == 403


async def test_a_form_that_any_page_can_send_is_not_read(in_development: Starlette) -> None:
    refused = await asks(in_development, "POST", "/phone/trials", headers={"Content-Type": "text/plain"}, content="{}")
    assert (refused.status_code, refused.json()) == (400, {"error": "Only JSON is read here."})


@pytest.mark.parametrize(
    ("doing", "fields", "says"),
    [
        ("press", {"key": "1"}, "There is no call: dial first."),
        ("dial", {"caller": "+15005550006"}, "Only mobile, landline, withheld can ring."),
        ("dial", {"caller": 7}, "“caller” must be words, 2000 letters at most."),
        ("listen", {"until": "soon"}, "“until” must be a number of seconds."),
        ("clock", {"at": "2026-11-22T10:00"}, "That lies behind: begin a new trial to go back in time."),
        ("clock", {"at": "2028-11-22T10:00"}, "At most a year and a bit at a time."),
        ("clock", {"at": "tomorrow"}, "Write the time as 2026-11-23T10:00."),
        ("answer", {"number": "+447700900001", "how": "busy"}, "That telephone does not ring."),
        ("press-there", {"number": "+447700900001", "key": "1"}, "Nobody has picked that telephone up."),
        ("text", {"body": " "}, "An empty text is not sent."),
        ("script", {}, "There is no call to save: ring first."),
    ],
)
async def test_what_cannot_be_done_is_said(
    in_development: Starlette, trial: str, doing: str, fields: Mapping[str, object], says: str
) -> None:
    refused = await asks(in_development, "POST", f"{trial}/{doing}", json=fields)
    assert (refused.status_code, refused.json()) == (400, {"error": says})


@pytest.mark.parametrize("name", ["../test_calls.py", "/etc/passwd", "..", "tests/calls/../../.env", "", "none.yaml"])
async def test_only_scripts_of_the_folder_of_calls_are_opened(in_development: Starlette, name: str) -> None:
    refused = await asks(in_development, "POST", "/phone/trials", json={"script": name or "."})
    assert refused.status_code == 400
    asked = name.removeprefix("tests/calls/") or "."
    assert refused.json()["error"].startswith(f"There is no script “{asked}” in tests/calls/.")


@pytest.mark.parametrize("name", ["one.yaml", "one", "tests/calls/one.yaml", "tests/calls/one"])
def test_a_script_is_named_with_its_ending_or_without(tmp_path: Path, name: str) -> None:
    ScenarioFiles(tmp_path).save("one.yaml", "title: x")
    assert ScenarioFiles(tmp_path).path(name) == tmp_path / "one.yaml"


@pytest.mark.parametrize("name", ["../out.yaml", "a/../../out.yaml", "/out.yaml", "OUT.yaml", "a/b/c.yaml", ".yaml"])
def test_a_call_is_kept_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(Exception, match="small letters"):
        ScenarioFiles(tmp_path).save(name, "title: x")
    assert list(tmp_path.parent.rglob("out.yaml")) == []


def test_a_call_is_never_kept_over_another(tmp_path: Path) -> None:
    ScenarioFiles(tmp_path).save("one.yaml", "first")
    with pytest.raises(Exception, match="already"):
        ScenarioFiles(tmp_path).save("one.yaml", "second")
    assert (tmp_path / "one.yaml").read_text("utf-8") == "first"
