"""The tour in the browser: one press plays kept calls, and then it is one's own turn."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.config import EXAMPLE
from tests.accessibility import violations
from tests.simulator.browsing import PATIENCE, SKIM, AtThePhone, chromium, content_in, serving

ROOT = Path(__file__).parents[2]
FIRST = "A council has refused an assessment"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(content_in(tmp_path_factory.mktemp("helpline"))) as found:
        for call in httpx2.get(f"{found}/tour", trust_env=False, timeout=60).json()["calls"]:
            httpx2.get(f"{found}/tour/{call['name']}", trust_env=False, timeout=60)  # played once, they are kept
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB") as context:
        yield context.new_page()


def begun(page: Page, address: str, pace: str = SKIM) -> AtThePhone:
    phone = AtThePhone(page, address, pace=pace, sound="none" if pace == SKIM else "ours")
    page.get_by_role("button", name="Take the tour").click()
    expect(page.locator("#tour-told")).to_contain_text(FIRST)
    return phone


def test_one_press_plays_a_call_with_its_keys_and_texts(page: Page, address: str) -> None:
    phone = begun(page, address)
    phone.hears("First you need a mediation certificate", "We will send you two texts")
    expect(page.locator("#transcript .pressed")).to_have_count(17)
    phone.gets("Ring a mediation adviser by Mon 14 Dec 2026")
    expect(page.locator("#standing")).to_have_text("The call is over")


def test_the_adviser_takes_the_second_call_and_the_third_is_found_in_the_morning(page: Page, address: str) -> None:
    phone = begun(page, address)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#tour-told")).to_contain_text("Call 2 of 3")
    expect(page.locator("#standing")).to_have_text("Talking with Adviser")
    expect(page.locator("#standing")).to_have_text("The call is over")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#tour-told")).to_contain_text("Call 3 of 3")
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    phone.hears("Our advisers are back tomorrow at nine")
    expect(page.locator("#tour-told")).to_contain_text("The next morning the adviser finds: Ring 07700 900 123 back")
    expect(page.locator("#tour")).to_be_hidden()
    expect(page.locator("#tour-offer")).to_have_text("That was the tour. Now you: press Ring.")
    expect(page.locator("#call")).to_be_focused()
    phone.rings()


def test_it_is_played_aloud_and_paused_by_keyboard(page: Page, address: str) -> None:
    begun(page, address, pace="1")
    expect(page.locator("#tour-pause")).to_be_focused()
    expect(page.locator("audio")).to_be_attached()
    page.keyboard.press("Enter")
    expect(page.locator("#tour-pause")).to_have_text("Go on")
    assert page.locator("audio").evaluate("sound => sound.paused")
    before = page.inner_text("#timer")
    page.keyboard.press("Enter")
    expect(page.locator("#tour-pause")).to_have_text("Pause")
    expect(page.locator("#timer")).not_to_have_text(before)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#tour")).to_be_hidden()
    expect(page.locator("#call")).to_have_text("Hang up")


def test_whoever_presses_a_key_goes_on_alone(page: Page, address: str) -> None:
    phone = begun(page, address, pace="1")
    expect(page.locator("#call")).to_have_text("Hang up")
    phone.presses("4")
    expect(page.locator("#tour")).to_be_hidden()
    phone.hears("For being sent home")


def test_it_is_said_which_voice_callers_hear(page: Page, address: str) -> None:
    AtThePhone(page, address)
    expect(page.locator("#voice")).to_have_text(
        "The voice here stands in for the one that callers hear: Polly.Amy-Neural."
    )


def test_another_county_is_offered_what_can_be_played(page: Page, tmp_path: Path) -> None:
    with serving(EXAMPLE) as address:
        AtThePhone(page, address)
        offered = "Two calls, played aloud, with what to listen for."
        expect(page.locator("#tour-offer")).to_have_text(offered, timeout=4 * PATIENCE)  # each was tried


@pytest.mark.parametrize("width", [320, 390, 820, 1366, 1440])
def test_everybody_can_use_it_at_any_width(browser: Browser, address: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 768}) as context:
        page = context.new_page()
        begun(page, address, pace="1")
        page.get_by_role("button", name="Pause").click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.locator("#tour-stop")).to_be_in_viewport()
        assert violations(page) == []
