"""A real browser at the telephone of a real server, and the words for what is done and seen there."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from ivr.app import build
from ivr.commands.browser_helpline import browser_telephone
from ivr.config import read_settings
from ivr.helpline.timezone import LONDON
from tests import browser
from tests.accessibility import violations_by_scheme
from tests.app_factory import PATIENT

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 23, 10, tzinfo=LONDON)
PATIENCE = 30_000
"""Milliseconds, for a slow machine; nothing here takes as long."""
expect.set_options(timeout=PATIENCE)
SKIM = "20"
"""The pace at which nobody listens: twenty seconds of a call in one."""
SCREENS = {
    "telephone": (390, 844),
    "tablet": (820, 1180),
    "laptop": (1366, 768),
    "desktop": (1440, 900),
    "laptop at 200 %": (683, 384),
    "laptop at 400 %": (341, 192),
    "320 px": (320, 256),
}
"""Width and height in CSS pixels."""
ONE_THAT_FAILS = """title: Somebody hears what nobody says
at: 2026-11-23T10:00
call:
  - dials
  - chooses: 1
  - hears: What did the council decide
  - hears: a sentence that nobody says
  - hangs_up
"""
"""A script whose seventh line is not what happens."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; a test for which there is none fails."""
    if (found := browser.executable()) is None:
        pytest.fail(browser.MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=list(browser.HEADLESS))
        yield launched
        launched.close()


@contextmanager
def visitor(browser: Browser, screen: str = "desktop", **options: Any) -> Iterator[Page]:
    """Somebody new in a browser; a mistake in a script of the page, or refused by its rules, fails the test."""
    width, height = SCREENS[screen]
    with browser.new_context(locale="en-GB", viewport={"width": width, "height": height}, **options) as context:
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda told: wrong.append(told.text) if "Security Policy" in told.text else None)
        yield page
        assert wrong == [], wrong


@contextmanager
def serving(folder: Path, now: datetime = AT) -> Iterator[str]:
    """The address of the telephone of a helpline whose files are in a folder; there it is AT, or another time."""
    settings = read_settings(dev=True, public_url="http://localhost", database_url=f"sqlite:///{folder}/ours.db")
    app = build(settings, patience=PATIENT, phone=browser_telephone(folder, lambda: now))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", access_log=False))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/phone"
    finally:
        server.should_exit = True
        thread.join()


def content_in(folder: Path) -> Path:
    """The helpline's own files, to be changed as one likes."""
    for name in ("flows", "prompts"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(
        ROOT / "tests/calls/tour", folder / "tests/calls/tour"
    )  # another tour is played before it is offered
    return folder


def until(page: Page, it_is_so: str) -> None:
    """Wait for what a script of ours finds out; the page's own rules let no other be made of a text."""
    for _ in range(PATIENCE // 20):
        if page.evaluate(it_is_so):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"It never came to be so: {it_is_so}")


def audits(page: Page, when: str) -> None:
    """Nobody is kept out, in daylight and in the dark."""
    assert violations_by_scheme(page) == {"light": [], "dark": []}, when


class AtThePhone:
    """Somebody at the page, in a hurry unless told otherwise."""

    def __init__(self, page: Page, address: str, pace: str = SKIM, sound: str = "ours", query: str = "") -> None:
        self.page = page
        page.goto(address + query)
        page.wait_for_selector("html[data-ready]")
        page.select_option("#pace", pace)
        page.select_option("#sound", sound)

    def with_time(self) -> Self:
        """Be waited for at each question, and while a telephone rings, however slow the machine is."""
        self.page.check("#wait")
        return self

    def rings(self) -> Self:
        """Ring, or ring again."""
        self.page.click("#call")
        expect(self.page.locator("#call")).to_have_text("Hang up")
        return self

    def presses(self, keys: str) -> Self:
        """Click the keys, one after another."""
        for key in keys:
            self.page.click(f'[data-key="{key}"]')
        return self

    def hears(self, *words: str) -> Self:
        """Each comes up in the conversation."""
        for one in words:
            expect(self.page.locator("#transcript")).to_contain_text(one)
        return self

    def hangs_up(self) -> Self:
        """Put the receiver down."""
        self.page.click("#call")
        expect(self.page.locator("#standing")).to_have_text("The call is over")
        return self

    def telephone(self, name: str) -> Locator:
        """Somebody else's telephone, in use."""
        return self.page.get_by_role("article", name=f"{name}’s telephone", exact=True)

    def does(self, name: str, button: str) -> Self:
        """Press a button at somebody else's telephone."""
        self.telephone(name).get_by_role("button", name=button).click()
        return self

    def moves_the_clock(self, button: str) -> Self:
        """By one of the buttons for it."""
        if self.page.locator("#clock").is_hidden():
            self.page.get_by_role("button", name="Set the clock").click()
        self.page.locator("#clock").get_by_role("button", name=button).click()
        return self

    def opens(self, tab: str) -> Self:
        """Open a panel."""
        self.page.get_by_role("tab", name=tab).click()
        return self

    def gets(self, *words: str) -> Self:
        """Each stands in a text."""
        for one in words:
            expect(self.page.locator("#texts")).to_contain_text(one)
        return self
