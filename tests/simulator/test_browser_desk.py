"""The adviser's desk beside the telephone, over HTTP: what staff do there, and what comes of it at the telephone."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from ivr.app import build
from ivr.commands.browser_helpline import browser_telephone
from ivr.config import Settings
from ivr.telephony.wav import wav_seconds
from tests.simulator.browsing import AT, ROOT
from tests.test_calls import settings

HERE = "http://localhost:8000"
OURS = {"Sec-Fetch-Site": "same-origin"}
ADVISER, MOBILE, SHOWN = "+447700900001", "+447700900123", "+441632960000"
A_CALL_BACK = "0211132"
"""In the evening, when nobody is there: at any time of day, and no message on the voicemail."""
A_MESSAGE = "0221"
EVENING = "2026-11-23T20:00"
WORDS = "Please ring me about the plan."


@dataclass
class Trial:
    """One session: its telephone, and its desk."""

    client: httpx2.AsyncClient
    name: str
    view: dict[str, Any]

    async def does(self, action: str, **fields: object) -> dict[str, Any]:
        """Do something at the telephones."""
        answer = await self.client.post(f"/phone/trials/{self.name}/{action}", json=fields)
        assert answer.status_code == 200, answer.text
        self.view = answer.json()
        return self.view

    async def looks(self) -> dict[str, Any]:
        """Look at the telephones."""
        self.view = (await self.client.get(f"/phone/trials/{self.name}")).json()
        return self.view

    async def listens(self, seconds: int) -> dict[str, Any]:
        """Let time pass."""
        for _ in range(seconds):
            await self.does("listen", until=self.view["now"] + 1)
        return self.view

    async def rings(self, keys: str) -> "Trial":
        """Call the helpline, press keys, and leave a message or hang up."""
        await self.does("dial", caller="mobile")
        for key in keys:
            await self.does("press", key=key)
        if keys == A_MESSAGE:
            await self.listens(16)
            await self.does("say", words=WORDS, hangs_up=True)
        else:
            await self.does("hang-up")
        await self.listens(3)
        return self

    async def page(self, path: str = "/console/waiting", role: str = "adviser") -> str:
        """Look at a page of the desk."""
        answer = await self.client.get(f"/desk/{self.name}/{role}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def sends(self, path: str, role: str = "adviser", **form: str) -> httpx2.Response:
        """Send a form of the desk."""
        answer = await self.client.post(f"/desk/{self.name}/{role}{path}", data=form, headers=OURS)
        assert answer.status_code == 303, answer.text
        return answer

    async def item(self, kind: str) -> str:
        """Return the path of the only item of a kind that waits."""
        [path] = set(re.findall(rf'"/desk/{self.name}/adviser(/console/{kind}s/[0-9a-f-]+)"', await self.page()))
        return str(path)

    async def waiting(self) -> dict[str, int]:
        """Return what waits, without what there is nothing of."""
        told = (await self.client.get(f"/desk/{self.name}/waiting")).json()
        return {kind: count for kind, count in told["waiting"].items() if count}

    def telephone(self, number: str = ADVISER) -> str:
        """Return the state of somebody's telephone."""
        return str(next(one["is"] for one in self.view["telephones"] if one["number"] == number))

    async def rings_back(self) -> "Trial":
        """Ring a caller back from the desk, as far as the caller's telephone rings."""
        path = await (await self.rings(A_CALL_BACK)).item("callback")
        await self.sends(f"{path}/ring", telephone="another", number=ADVISER)
        await self.looks()
        await self.does("answer", number=ADVISER, how="picked_up")
        await self.listens(2)
        await self.does("press-there", number=ADVISER, key="1")
        await self.listens(3)
        return self


@pytest.fixture(scope="module")
def telephone() -> Starlette:
    return browser_telephone(ROOT, lambda: AT)


@pytest.fixture(scope="module")
def app(telephone: Starlette) -> Starlette:
    return build(Settings.model_validate({"IVR_DEV": True}), phone=telephone)


@pytest.fixture
async def client(app: Starlette, telephone: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, client=("127.0.0.1", 4321))
    async with httpx2.AsyncClient(transport=transport, base_url=HERE) as client:
        yield client
    async with telephone.router.lifespan_context(telephone):  # its end closes every session
        pass


async def begun(client: httpx2.AsyncClient) -> Trial:
    view = (await client.post("/phone/trials", json={"at": EVENING})).json()
    return Trial(client, view["name"], view)


@pytest.fixture
async def trial(client: httpx2.AsyncClient) -> Trial:
    return await begun(client)


async def test_who_asks_to_be_rung_back_waits_at_the_desk(trial: Trial) -> None:
    assert await trial.waiting() == {}
    await trial.rings(A_CALL_BACK)
    assert await trial.waiting() == {"callback": 1}
    page = await trial.page(await trial.item("callback"))
    assert "at any time of day" in page and "leave no message" in page
    assert 'value="07700 900 001"' in page, "there is no telephone to ring from"


async def test_ringing_back_rings_the_adviser_and_then_the_caller_who_sees_our_number(trial: Trial) -> None:
    await trial.rings_back()
    incoming = trial.view["incoming"]
    assert (incoming["state"], incoming["number"], incoming["shown"]) == ("rings", MOBILE, SHOWN)
    assert trial.telephone() == "dials"
    await trial.does("pick-up")
    assert (trial.view["incoming"]["state"], trial.telephone()) == ("talks", "talks")
    await trial.listens(7)
    await trial.does("hang-up")
    assert trial.view["incoming"] is None
    path = await trial.item("callback")
    assert "answered, 7 s" in await trial.page(path)
    await trial.sends(f"{path}/done")
    assert await trial.waiting() == {}


async def test_the_caller_who_does_not_answer_is_noted_when_it_has_rung_out(trial: Trial) -> None:
    await trial.rings_back()
    began = trial.view["incoming"]["since"]
    while trial.view["incoming"]:
        await trial.listens(1)
    assert 30 <= trial.view["now"] - began < 32, "a <Dial> of 30 seconds"
    assert "no answer" in await trial.page(await trial.item("callback"))


async def test_the_caller_who_declines_is_noted_as_busy(trial: Trial) -> None:
    await (await trial.rings_back()).does("decline")
    await trial.listens(10)
    assert trial.telephone() == "quiet"
    assert ">busy<" in await trial.page(await trial.item("callback"))


@pytest.mark.parametrize("is_answered", [False, True])
async def test_the_adviser_who_rings_off_ends_it_at_both_ends(trial: Trial, is_answered: bool) -> None:
    await trial.rings_back()
    if is_answered:
        await trial.does("pick-up")
        await trial.listens(3)
    await trial.does("hang-up-there", number=ADVISER)
    assert (trial.view["incoming"], trial.telephone()) == (None, "quiet")


async def test_while_it_rings_nobody_dials_and_the_clock_goes_as_it_does(trial: Trial) -> None:
    await trial.rings_back()
    for action, fields in {"dial": {"caller": "mobile"}, "clock": {"at": "2026-12-07T10:00"}}.items():
        refused = await trial.client.post(f"/phone/trials/{trial.name}/{action}", json=fields)
        assert refused.status_code == 400, action


async def test_who_is_in_a_call_cannot_answer_another(trial: Trial) -> None:
    await trial.rings_back()
    await trial.does("decline")
    await trial.listens(10)
    path = await trial.item("callback")
    await trial.does("dial", caller="mobile")
    await trial.sends(f"{path}/ring", telephone="another", number=ADVISER)
    await trial.does("answer", number=ADVISER, how="picked_up")
    await trial.does("press-there", number=ADVISER, key="1")
    await trial.listens(3)
    refused = await trial.client.post(f"/phone/trials/{trial.name}/pick-up", json={})
    assert refused.json() == {"error": "You are in a call: hang up first, or decline this one."}
    await trial.does("hang-up")
    await trial.does("pick-up")
    assert trial.view["incoming"]["state"] == "talks"


async def test_what_is_done_at_the_desk_is_no_part_of_a_call_that_is_kept(trial: Trial) -> None:
    await trial.rings_back()
    await trial.does("pick-up")
    kept = (await trial.client.post(f"/phone/trials/{trial.name}/script", json={})).json()
    assert kept["otherwise"] == ""
    assert "answers" not in kept["text"] and "chooses: 2" in kept["text"]


async def test_a_message_is_played_and_read_as_it_was_typed(trial: Trial) -> None:
    path = await (await trial.rings(A_MESSAGE)).item("message")
    page = await trial.page(path)
    assert "What was typed at the telephone" in page and WORDS in page
    sound = await trial.client.get(f"/desk/{trial.name}/adviser{path}/sound")
    assert sound.headers["content-type"] == "audio/wav"
    assert (wav_seconds(sound.content) or 0) > 1
    assert len(set(sound.content[44:])) > 20, "it is silence"
    await trial.sends(f"{path}/done")
    assert await trial.waiting() == {}


async def test_an_answer_to_a_text_comes_to_the_mobile(trial: Trial) -> None:
    await trial.does("text", body="Is there a bus?")
    path = await trial.item("text")
    assert "Is there a bus?" in await trial.page(path)
    await trial.sends(f"{path}/answer", words="There is, at nine.")
    last = (await trial.looks())["texts"][-1]
    assert (last["body"].partition(".")[0], last["status"]) == ("There is, at nine", "delivered")


async def test_a_text_to_a_mobile_that_is_off_is_for_a_manager_to_send_again(trial: Trial) -> None:
    await trial.does("text", body="Is there a bus?")
    await trial.does("switch", on=False)
    path = await trial.item("text")
    await trial.sends(f"{path}/answer", words="There is, at nine.")
    assert (await trial.waiting())["unsent"] == 1
    [again] = re.findall(r"(/console/unsent/[^\"]+/retry)", await trial.page("/console/unsent", "manager"))
    await trial.does("switch", on=True)
    await trial.sends(again, "manager")
    assert (await trial.looks())["texts"][-1]["status"] == "delivered"
    assert "unsent" not in await trial.waiting()


async def test_the_desk_is_there_when_the_clock_has_moved_on_for_weeks(trial: Trial) -> None:
    await trial.rings(A_CALL_BACK)
    assert "Mon 23 November at 20:00" in await trial.page()
    await trial.does("clock", at="2026-12-07T10:00")
    assert "We are open until" in await trial.page("/console")
    await trial.sends(f"{await trial.item('callback')}/claim")
    assert ">yours<" in await trial.page()


async def test_what_waits_is_told_again_only_when_it_has_changed(trial: Trial) -> None:
    address = f"/desk/{trial.name}/waiting"
    first = await trial.client.get(address)
    known = {"If-None-Match": first.headers["etag"]}
    again = await trial.client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    await trial.rings(A_CALL_BACK)
    assert (await trial.client.get(address, headers=known)).status_code == 200


async def test_what_staff_have_done_is_done_after_a_restart_of_the_server_too(tmp_path: Path) -> None:
    async with serving_with_journals(tmp_path) as client:
        trial = await begun(client)
        await trial.rings_back()
        await trial.does("pick-up")
        await trial.does("text", body="Is there a bus?")
        await trial.sends(f"{await trial.item('text')}/answer", words="There is, at nine.")
        before = await trial.looks()
    async with serving_with_journals(tmp_path) as client:
        trial = Trial(client, trial.name, before)
        after = await trial.looks()
        assert {name: after[name] for name in ("incoming", "telephones", "texts", "lines", "now")} == {
            name: before[name] for name in ("incoming", "telephones", "texts", "lines", "now")
        }
        assert not any((after["restored"] or {}).values())
        assert await trial.waiting() == {"callback": 1}
        await trial.listens(5)
        await trial.does("hang-up")
        assert "answered, 5 s" in await trial.page(await trial.item("callback"))


@asynccontextmanager
async def serving_with_journals(folder: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A server of its own, which keeps the journals of its sessions in a folder."""
    telephone = browser_telephone(ROOT, lambda: AT, folder)
    app = build(Settings.model_validate({"IVR_DEV": True}), phone=telephone)
    transport = httpx2.ASGITransport(app, client=("127.0.0.1", 4321))
    async with httpx2.AsyncClient(transport=transport, base_url=HERE) as client:
        yield client
    async with telephone.router.lifespan_context(telephone):
        pass


async def test_two_desks_never_mix(client: httpx2.AsyncClient) -> None:
    first, second = await begun(client), await begun(client)
    path = await (await first.rings(A_CALL_BACK)).item("callback")
    assert (await first.waiting(), await second.waiting()) == ({"callback": 1}, {})
    for trial in (first, second):
        assert f"The desk of telephone {trial.name[:4]}" in await trial.page()
    other = await client.post(f"/desk/{second.name}/adviser{path}/claim", headers=OURS)
    assert other.status_code == 404
    assert f"/desk/{first.name}" not in await second.page()
    assert client.cookies == {}, "a cookie is of a whole browser, whatever its tabs show"


async def test_every_address_of_a_page_stays_at_the_desk(trial: Trial) -> None:
    path = await (await trial.rings(A_CALL_BACK)).item("callback")
    for shown in ("/console", "/console/waiting", path, "/console/rota", "/console/hours", "/console/callers"):
        page = await trial.page(shown, "manager")
        leads = re.findall(r'(?:href|src|action|hx-get|hx-post)="([^"#?]*)', page)
        assert leads and all(lead.startswith(f"/desk/{trial.name}/") for lead in leads if lead), shown
    assert f'href="/desk/{trial.name}/adviser/console"' in page, "nobody can be the adviser again"


async def test_styles_and_scripts_come_with_the_desk(trial: Trial) -> None:
    for name in ("console.css", "htmx.min.js"):
        served = await trial.client.get(f"/desk/{trial.name}/adviser/console/static/{name}")
        assert served.content == (ROOT / "ivr/console/static" / name).read_bytes()


async def test_the_desk_may_be_framed_by_our_own_page_and_no_other(trial: Trial) -> None:
    answer = await trial.client.get(f"/desk/{trial.name}/adviser/console")
    assert answer.headers["content-security-policy"].endswith("frame-ancestors 'self'")
    assert answer.headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize("role", ["administrator", "nobody"])
async def test_there_is_a_desk_for_an_adviser_and_for_a_manager(trial: Trial, role: str) -> None:
    assert (await trial.client.get(f"/desk/{trial.name}/{role}/console")).status_code == 404


async def test_a_desk_whose_telephone_is_gone_says_so(client: httpx2.AsyncClient) -> None:
    for path in ("/desk/none/adviser/console", "/desk/none/waiting"):
        assert (await client.get(path)).status_code == 404
    assert "This desk is closed" in (await client.get("/desk/none/adviser/console")).text


@pytest.mark.parametrize(
    "headers", [{"Host": "helpline.example"}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_no_other_site_reaches_the_desk(trial: Trial, headers: dict[str, str]) -> None:
    path = f"/desk/{trial.name}/adviser/console"
    assert (await trial.client.get(path, headers=headers)).status_code == 403
    assert (await trial.client.post(f"{path}/callbacks/x/claim", headers=OURS | headers)).status_code == 403


async def test_a_form_that_tells_no_origin_changes_nothing(trial: Trial) -> None:
    path = await (await trial.rings(A_CALL_BACK)).item("callback")
    refused = await trial.client.post(f"/desk/{trial.name}/adviser{path}/claim")
    assert refused.status_code == 403
    assert ">yours<" not in await trial.page()


async def test_another_machine_has_no_desk(app: Starlette, trial: Trial) -> None:
    transport = httpx2.ASGITransport(app, client=("192.0.2.7", 4321))
    async with httpx2.AsyncClient(transport=transport, base_url=HERE) as elsewhere:
        assert (await elsewhere.get(f"/desk/{trial.name}/adviser/console")).status_code == 403


async def test_in_production_there_is_no_desk(telephone: Starlette) -> None:
    app = build(settings(), phone=telephone)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=HERE) as client:
        assert (await client.get("/desk/x/adviser/console")).status_code == 404
