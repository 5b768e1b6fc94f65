"""Somebody who needs time: with “Wait for me” the clock of the telephone stands at each question until they decide."""

import pytest
from playwright.sync_api import Browser, expect

from tests.simulator.browsing import AtThePhone, audits, visitor


@pytest.fixture
def slow(phone: AtThePhone) -> AtThePhone:
    """Somebody at the page who is waited for."""
    phone.page.check("#wait")
    return phone


def stands_still(phone: AtThePhone, at: str) -> None:
    """The clock is held there; and what a minute of its own would bring, at the pace of the test, does not come."""
    expect(phone.page.locator("#standing")).to_have_text(at)
    before = phone.page.locator("#timer").inner_text()
    lines = phone.page.locator("#transcript > *").count()
    for _ in range(30):  # passes of the page's own clock, each a tenth of a second
        phone.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        phone.page.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert phone.page.locator("#timer").inner_text() == before
    assert phone.page.locator("#transcript > *").count() == lines


def test_a_question_waits_until_a_key_is_pressed(slow: AtThePhone) -> None:
    slow.rings().hears("Hello, this is Devon's")
    stands_still(slow, "Waits for your key")
    slow.presses("1").hears("What did the council decide")
    expect(slow.page.locator("#standing")).to_have_text("Waits for your key")
    expect(slow.page.locator("#captions")).to_contain_text("For a plan that ends, press 5")


def test_staying_silent_is_a_choice(slow: AtThePhone) -> None:
    silent = slow.page.get_by_role("button", name="Stay silent")
    expect(silent).to_be_hidden()
    slow.rings()
    expect(slow.page.locator("#standing")).to_have_text("Waits for your key")
    silent.click()
    slow.hears("You stay silent", "We did not hear a key")
    expect(slow.page.locator("#standing")).to_have_text("Waits for your key")
    silent.click()
    slow.hears("To talk to a person")


def test_a_date_is_keyed_in_as_slowly_as_one_likes(slow: AtThePhone) -> None:
    slow.rings().presses("11").hears("Key in the date")
    slow.presses("14")
    stands_still(slow, "Waits for your key")
    slow.presses("102026").hears("Wednesday the fourteenth of October")


def test_a_telephone_that_rings_waits_and_so_does_an_adviser_who_is_asked(slow: AtThePhone) -> None:
    slow.rings().presses("0")
    expect(slow.telephone("Adviser")).to_contain_text("It rings")
    stands_still(slow, "Waits: a telephone rings")
    slow.does("Adviser", "Pick up")
    expect(slow.telephone("Adviser")).to_contain_text("press 1")
    stands_still(slow, "Waits for the adviser’s key")
    slow.does("Adviser", "Press 1")
    expect(slow.page.locator("#standing")).to_have_text("Talking with Adviser")


def test_a_message_is_recorded_as_slowly_as_one_likes(slow: AtThePhone) -> None:
    slow.rings().presses("0").telephone("Adviser").get_by_role("button", name="No answer").wait_for()
    slow.hangs_up().moves_the_clock("Christmas Eve")
    slow.rings().presses("0").hears("To reach us, press 2").presses("2").hears("To leave a message").presses("2")
    slow.hears("You can leave us a message").presses("1")
    expect(slow.page.locator("#saying")).to_be_visible()
    stands_still(slow, "Waits for your words")
    slow.page.fill("#words", "Please ring me.")
    slow.page.get_by_role("button", name="Say it, press #").click()
    slow.hears("Please ring me.")


def test_the_browser_remembers_that_it_waits(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        AtThePhone(page, address).page.check("#wait")
        page.reload()
        page.wait_for_selector("html[data-ready]")
        expect(page.locator("#wait")).to_be_checked()


@pytest.mark.parametrize("screen", ["telephone", "tablet", "laptop", "320 px"])
def test_everybody_can_use_a_telephone_that_waits(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen, reduced_motion="reduce") as page:
        phone = AtThePhone(page, address)
        page.check("#wait")
        phone.rings()
        expect(page.locator("#standing")).to_have_text("Waits for your key")
        audits(page, "while it waits")
        page.get_by_role("button", name="Stay silent").focus()
        page.keyboard.press("Enter")
        phone.hears("You stay silent")
