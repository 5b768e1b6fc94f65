"""The words that are typed into a message are never lost, and are heard when it is played."""

import pytest
from playwright.sync_api import Route, expect

from tests.simulator.browsing import AtThePhone, until

WORDS = "Please ring me about the plan, on Monday if you can."


@pytest.fixture
def recorded(phone: AtThePhone) -> AtThePhone:
    """Somebody who is being recorded, and has typed what they say."""
    phone.rings().presses("02").hears("You can leave us a message").presses("1")
    phone.page.fill("#words", WORDS)
    return phone


def test_whoever_hangs_up_has_said_what_was_typed_until_then(recorded: AtThePhone) -> None:
    recorded.hangs_up().hears(WORDS)
    expect(recorded.page.locator("#words")).to_have_value("")


def test_words_stay_where_they_are_when_something_goes_wrong(recorded: AtThePhone) -> None:
    page = recorded.page

    def fails(route: Route) -> None:
        route.fulfill(status=500, body="Internal Server Error")

    page.route("**/say", fails)
    page.get_by_role("button", name="Say it, press #").click()
    expect(page.locator("#saying")).to_contain_text("made a mistake of its own")
    expect(page.locator("#words")).to_have_value(WORDS)
    page.unroute("**/say", fails)
    page.get_by_role("button", name="Say it, press #").click()
    recorded.hears(WORDS)
    expect(page.locator("#words")).to_have_value("")


def test_a_message_that_is_played_back_sounds_and_is_as_long_as_the_words(recorded: AtThePhone) -> None:
    page = recorded.page
    page.get_by_role("button", name="Say it, press #").click()
    recorded.hears("We have your message")
    page.select_option("#pace", "4")
    recorded.presses("2").hears(f"“{WORDS}”")
    until(page, "document.querySelector('audio')?.src.includes('/sounds/')")
