"""The demonstration plays from a disk and from any web server, with nothing behind it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility import violations
from tests.simulator.browsing import ROOT, chromium, until

LOOKS = ((320, "light"), (390, "light"), (390, "dark"), (820, "light"), (1366, "dark"), (1440, "light"))
EVERY_MOMENT = ("", "#play")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def made(folder: Path, *options: str) -> Path:
    """A demonstration, from a process of its own: that of a browser's tests has an event loop that never ends."""
    command = [sys.executable, "-m", "ivr", "demo", str(folder), "--at", "2026-12-01", *options]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("spoken") / "demo")


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One without sounds: no voice is installed in the browser either, so that words take as long as they would."""
    return made(tmp_path_factory.mktemp("silent") / "demo", "--no-voice")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture
def served(spoken: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(spoken))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which nothing goes wrong: no error, and nothing that its own policy forbids."""
    wrong: list[str] = []
    opened = browser.new_page(viewport={"width": 1366, "height": 768}, locale="en-GB")
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("requestfailed", lambda request: wrong.append(request.url))
    yield opened
    opened.close()
    assert wrong == []


def begun(page: Page, folder: Path, day: str = "2026-12-01") -> Page:
    """The page from the disk, on a day."""
    page.clock.set_fixed_time(f"{day}T10:00:00Z")
    page.goto(f"{folder.as_uri()}/index.html")
    expect(page.locator("html[data-ready]")).to_be_attached()
    return page


def stands(page: Page, second: float) -> None:
    """Stop the call at a second of it."""
    page.evaluate("second => { silence(); isOn = false; position = call().began + second; show(); }", second)


def ends(page: Page) -> None:
    """Go on from a moment before the end of the call."""
    page.evaluate("() => { silence(); isOn = true; position = endOf(call()) - 0.2; }")


def test_from_a_disk_it_plays_aloud(page: Page, spoken: Path) -> None:
    page.goto(f"{spoken.as_uri()}/index.html")
    page.get_by_role("button", name="Play them all").click()
    until(page, "sound && sound.sound && sound.heard > 0.02")
    expect(page.locator("#captions")).to_contain_text("special needs helpline")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    assert page.evaluate("sound.sound.paused")


def test_from_a_web_server_it_plays_aloud(page: Page, served: str) -> None:
    page.goto(served)
    page.get_by_role("button", name="Play “0 for a person”").click()
    until(page, "sound && sound.sound && sound.heard > 0.02")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#news")).to_have_text("Stopped.")
    assert page.evaluate("sound") is None


def test_one_press_plays_all_calls_and_then_it_is_your_turn(page: Page, silent: Path) -> None:
    begun(page, silent).get_by_role("button", name="Play them all").click()
    news, transcript = page.locator("#news"), page.locator("#transcript")
    expect(news).to_contain_text("Call 1 of 3. A council has refused")
    stands(page, 34)
    expect(page.locator("#keyed")).to_have_text("1114102026")
    expect(transcript.locator(".pressed")).to_have_count(10)
    expect(transcript).to_contain_text("cut short")
    ends(page)
    expect(page.locator("#texts")).to_contain_text("Ring a mediation adviser by Mon 14 Dec 2026")
    expect(news).to_contain_text("Call 2 of 3.")
    stands(page, 17)
    expect(page.locator("#telephones")).to_contain_text("It rings.")
    stands(page, 25)
    expect(page.locator("#telephones")).to_contain_text("A caller wants to talk about")
    stands(page, 37)
    expect(page.locator("#standing")).to_have_text("Talking with the adviser")
    page.get_by_role("button", name="Next").click()
    expect(news).to_contain_text("Call 3 of 3.")
    ends(page)
    expect(page.locator("#found")).to_contain_text("Ring 07700 900 123 back")
    expect(news).to_contain_text("Now you")


def test_a_pause_stops_the_time_and_the_call_goes_on_from_there(page: Page, silent: Path) -> None:
    begun(page, silent).click("#play")
    until(page, "position > 0.5")
    page.get_by_role("button", name="Pause").click()
    before = page.evaluate("position")
    page.evaluate("passes()")
    assert page.evaluate("position") == before
    page.get_by_role("button", name="Go on").click()
    until(page, f"position > {before} + 0.5")


def test_it_works_by_keyboard_alone(page: Page, silent: Path) -> None:
    begun(page, silent)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    expect(page.locator("#play")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#captions")).to_contain_text("special needs helpline")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#pause")).to_have_text("Go on")


def test_it_says_what_it_is_and_whose_voice_callers_hear(page: Page, silent: Path) -> None:
    begun(page, silent)
    expect(page.locator("#voice")).to_have_text(
        "Your browser’s voice stands in for the one that callers hear, Polly.Amy-Neural."
    )
    expect(page.locator("#made")).to_contain_text("Made on 1 December 2026.")
    expect(page.locator("#stale")).to_be_hidden()


def test_after_the_day_until_which_it_holds_it_says_that_it_may_be_out_of_date(page: Page, silent: Path) -> None:
    begun(page, silent, "2040-01-01")
    expect(page.locator("#stale")).to_contain_text("This may be out of date")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_everybody_can_use_it_at_any_width(browser: Browser, silent: Path, width: int, scheme: Any) -> None:
    with browser.new_context(viewport={"width": width, "height": 768}, color_scheme=scheme) as context:
        page = begun(context.new_page(), silent)
        for press in EVERY_MOMENT:
            if press:
                page.click(press)
                stands(page, 60)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert violations(page) == []


def test_in_forced_colours_a_key_that_is_pressed_is_told_by_its_border(browser: Browser, silent: Path) -> None:
    with browser.new_context(forced_colors="active") as context:
        page = begun(context.new_page(), silent)
        page.click("#play")
        stands(page, page.evaluate("call().lines.find((line) => line.text === 'presses 1').at") + 0.1)
        border = page.locator("#keypad .down").evaluate("key => getComputedStyle(key).borderTopWidth")
        assert border == "3px"


def test_without_scripts_the_calls_are_there_to_read(browser: Browser, silent: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{silent.as_uri()}/index.html")
        page.get_by_text("Read all that is said").click()
        expect(page.get_by_text("By Monday the fourteenth of December").first).to_be_visible()
