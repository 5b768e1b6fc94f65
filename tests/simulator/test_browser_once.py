"""What the page asks for under one id is done once, however often it is asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from ivr.commands.browser_helpline import browser_telephone
from tests.simulator.browsing import AT, content_in

HERE = "http://localhost:8000"


class Page:
    """What a page does: it sends requests under an id of its own."""

    def __init__(self, app: Starlette) -> None:
        self._app, self._ids, self.trial = app, iter(range(100)), ""

    async def asks(self, path: str, id: object = None, **fields: Any) -> httpx2.Response:
        """Post to an address, under a new id or one of before."""
        line = httpx2.ASGITransport(self._app, client=("127.0.0.1", 4321))
        id = next(self._ids) if id is None else id
        async with httpx2.AsyncClient(transport=line, base_url=HERE) as client:
            return await client.post(path, json={**fields, "id": f"id-{id}"})

    async def does(self, action: str, id: object = None, **fields: Any) -> httpx2.Response:
        """Do something in the trial."""
        return await self.asks(f"/trials/{self.trial}/{action}", id, **fields)


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    content = content_in(tmp_path / "content")
    app = browser_telephone(content, lambda: AT, tmp_path / "journals")
    page = Page(app)
    page.trial = (await page.asks("/trials", "first")).json()["name"]
    yield page
    async with app.router.lifespan_context(app):  # its end closes every session
        pass


@asynccontextmanager
async def after_a_restart(page: Page, tmp_path: Path) -> AsyncIterator[Page]:
    app = browser_telephone(tmp_path / "content", lambda: AT, tmp_path / "journals")
    restarted = Page(app)
    restarted.trial = page.trial
    async with app.router.lifespan_context(app):
        yield restarted


async def test_a_trial_is_begun_once(page: Page) -> None:
    assert (await page.asks("/trials", "first")).json()["name"] == page.trial
    assert (await page.asks("/trials", "second")).json()["name"] != page.trial


async def test_a_text_that_is_sent_twice_is_one_text_and_gets_the_same_answer(page: Page) -> None:
    first = await page.does("text", "text", body="1")
    again = await page.does("text", "text", body="1")
    assert first.content == again.content
    assert len([text for text in again.json()["texts"] if text["from"] == "person"]) == 1
    third = await page.does("text", body="1")
    assert len([text for text in third.json()["texts"] if text["from"] == "person"]) == 2


async def test_what_was_refused_is_refused_again(page: Page) -> None:
    refused = [await page.does("press", "press", key="1") for _ in range(2)]
    assert [one.status_code for one in refused] == [400, 400]
    assert refused[0].content == refused[1].content
    await page.does("dial", caller="mobile")
    assert (await page.does("press", "press", key="1")).status_code == 400, "it is the same request still"


async def test_an_action_whose_answer_was_lost_in_a_restart_is_not_done_again(page: Page, tmp_path: Path) -> None:
    await page.does("dial", caller="mobile")
    first = (await page.does("press", "press", key="1")).json()
    async with after_a_restart(page, tmp_path) as restarted:
        again = (await restarted.does("press", "press", key="1")).json()
        for name in first.keys() - {"restored"}:
            assert first[name] == again[name]
        later = (await restarted.does("listen", "later", until=again["now"])).json()
        assert later["restored"] == {"words_since": None, "way_since": None}


async def test_a_call_is_kept_once(page: Page, tmp_path: Path) -> None:
    await page.does("dial", caller="mobile")
    await page.does("hang-up")
    kept = [await page.does("script", "keep", title="A call", name="kept") for _ in range(2)]
    assert [one.json()["saved"] for one in kept] == ["tests/calls/kept.yaml"] * 2
    refused = await page.does("script", title="A call", name="kept")
    assert "There is a script kept.yaml already" in refused.json()["error"]


async def test_a_session_that_nobody_keeps_is_gone_and_says_so(page: Page) -> None:
    page.trial = "somebodys-trial"
    gone = await page.does("press", key="1")
    assert (gone.status_code, gone.json()["gone"]) == (410, True)
    assert "begin a new one" in gone.json()["error"]
