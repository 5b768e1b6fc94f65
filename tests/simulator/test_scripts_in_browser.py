"""Calls that are kept as scripts, replayed on the page: chosen, failing, missing."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.simulator.browsing import ONE_THAT_FAILS, AtThePhone, audits, until

A_VOICE = """
    const voice = {lang: "en-GB", localService: true, name: "somebody"};
    globalThis.said = [];
    const own = {getVoices: () => [voice], speak: (one) => said.push(one.text), cancel: () => {},
                 addEventListener: () => {}};
    Object.defineProperty(globalThis, "speechSynthesis", {value: own});
    globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture
def failing(folder: Path) -> str:
    """The query of a script that fails at its line 7."""
    (folder / "tests/calls/fails.yaml").write_text(ONE_THAT_FAILS, "utf-8")
    return "?script=tests/calls/fails.yaml"


def test_a_script_that_fails_says_at_which_line_what_was_expected_and_what_was_heard(
    page: Page, address: str, failing: str
) -> None:
    phone = AtThePhone(page, address, query=failing)
    told = page.locator("#otherwise")
    expect(told).to_contain_text("tests/calls/fails.yaml:7")
    expect(told.locator("dd").first).to_have_text('to hear "a sentence that nobody says"')
    expect(told.locator("dd").last).to_contain_text("What did the council decide?")
    audits(page, "with a script that failed")
    phone.presses("1").hears("Key in the date on your newest decision letter")


def test_a_script_opened_where_it_failed_says_nothing_old_and_waits(page: Page, address: str, failing: str) -> None:
    page.add_init_script(A_VOICE)
    phone = AtThePhone(page, address, pace="1", sound="browser", query=failing)
    phone.hears("Hello, this is Devon's", "What did the council decide")
    before = page.locator("#timer").text_content()
    page.get_by_role("button", name="Go on").click()
    until(page, f"document.getElementById('timer').textContent !== '{before}'")
    assert page.evaluate("said") == []
    phone.presses("1")
    until(page, "said.length === 1 && said[0].startsWith('Key in the date')")


def test_a_script_that_is_not_there_is_told_with_the_nearest_names_and_a_call_can_begin(
    page: Page, address: str, failing: str
) -> None:
    phone = AtThePhone(page, address, query="?script=failz")
    expect(page.locator("#opening")).to_contain_text(
        "There is no script “failz” in tests/calls/. The nearest is fails.yaml."
    )
    phone.rings().hears("Hello, this is Devon's")


def test_a_script_is_found_by_what_it_shows(phone: AtThePhone, folder: Path, failing: str) -> None:
    phone.page.reload()
    phone.opens("Scripts").page.fill("#script-filter", "nobody hears")
    expect(phone.page.locator("#script-count")).to_contain_text("1 of ")
    expect(phone.page.locator("#scripts").get_by_role("radio", checked=True)).to_have_count(1)
    audits(phone.page, "with a script that is chosen")
    phone.page.fill("#script-filter", "no such thing")
    expect(phone.page.locator("#script-count")).to_have_text("No call shows that.")
    phone.page.fill("#script-filter", "SOMEBODY")
    phone.page.get_by_role("button", name="Replay it").click()
    expect(phone.page.locator("#otherwise")).to_contain_text("fails.yaml:7")


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (500, "Internal Server Error", "made a mistake of its own (status 500)"),
        (404, "Not Found", "has nothing at trials/"),
        (403, "This telephone is for this machine only.", "(status 403). This telephone is for this machine only."),
        (200, "<html>", "not as this page expects (status 200)"),
    ],
)
def test_an_answer_that_is_no_json_is_told_as_what_it_is(phone: AtThePhone, status: int, body: str, told: str) -> None:
    def answers(route: Route) -> None:
        route.fulfill(status=status, body=body, content_type="text/plain")

    phone.page.route("**/trials/*/dial", answers)
    phone.page.click("#call")
    expect(phone.page.locator(".keys .message")).to_contain_text(told)
    expect(phone.page.locator("#server")).to_be_empty()
    phone.page.unroute("**/trials/*/dial", answers)
    phone.rings().hears("Hello, this is Devon's")
    expect(phone.page.locator(".keys .message")).to_have_count(0)
