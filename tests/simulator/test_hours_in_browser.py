"""The first try, and the clock of the telephone in the browser: when somebody answers, and what falls due next."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.helpline.timezone import LONDON
from tests.simulator.browsing import SCREENS, AtThePhone, audits, serving, visitor

SUNDAY = datetime(2026, 11, 29, 11, 12, tzinfo=LONDON)


@pytest.fixture(scope="module")
def on_sunday(folder: Path) -> Iterator[str]:
    """The address of the telephone of a machine on which it is Sunday."""
    with serving(folder, SUNDAY) as address:
        yield address


@pytest.mark.parametrize("screen", SCREENS)
def test_on_a_sunday_the_first_try_is_on_monday_at_ten_and_the_page_says_so(
    browser: Browser, on_sunday: str, screen: str
) -> None:
    with visitor(browser, screen, reduced_motion="reduce") as page:
        phone = AtThePhone(page, on_sunday)
        expect(page.locator("#today")).to_have_text("Monday 30 November 2026, 10:00")
        expect(page.locator("#hours")).to_have_text("Open until 17:00; on shift: Adviser, Adviser 2.")
        expect(page.locator("#put-off")).to_contain_text("It is Sun 29 Nov, 11:12, and nobody would answer.")
        assert page.evaluate("document.documentElement.scrollWidth") == SCREENS[screen][0]
        audits(page, "put off until Monday")
        phone.rings().presses("0")
        expect(phone.telephone("Adviser")).to_contain_text("It rings")
        expect(page.locator("#put-off")).to_be_hidden()


def test_whoever_wants_it_tries_the_sunday_as_it_is(page: Page, on_sunday: str) -> None:
    phone = AtThePhone(page, on_sunday)
    page.get_by_role("button", name="Now, as it is").click()
    expect(page.locator("#today")).to_have_text("Sunday 29 November 2026, 11:12")
    expect(page.locator("#hours")).to_have_text("Closed, out of hours, until Mon 30 Nov, 09:00.")
    expect(page.locator("#put-off")).to_be_hidden()
    phone.rings().presses("0").hears("Our advisers are back tomorrow at nine")


def test_a_weekday_at_ten_and_what_falls_due_are_one_press_away(phone: AtThePhone) -> None:
    page = phone.page
    expect(page.locator("#next-event")).to_have_text("We close, 17:00")
    page.locator("#next-event").click()
    expect(page.locator("#today")).to_have_text("Monday 23 November 2026, 17:00")
    expect(page.locator("#hours")).to_have_text("Closed, out of hours, until Tue 24 Nov, 09:00.")
    expect(page.locator("#next-event")).to_have_text("We open, Tue 24 Nov, 09:00")
    page.get_by_role("button", name="A weekday at ten").first.click()
    expect(page.locator("#today")).to_have_text("Tuesday 24 November 2026, 10:00")
    expect(page.locator("#hours")).to_contain_text("Open until 17:00")


def test_the_next_reminder_is_one_of_what_falls_due(phone: AtThePhone) -> None:
    phone.page.get_by_role("button", name="A text, and a reminder").click()
    phone.hears("We will remind you by text").hangs_up()
    phone.moves_the_clock("A reminder is sent").gets("As you asked, a date to keep")
    expect(phone.page.locator("#today")).to_contain_text("November 2026, 10:00")


@pytest.mark.parametrize("screen", SCREENS)
def test_the_header_is_as_high_whatever_it_tells(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen) as page:
        phone = AtThePhone(page, address)
        before = page.locator("header").bounding_box()
        phone.moves_the_clock("Christmas Eve")
        expect(page.locator("#hours")).to_have_text("Closed, out of hours, until Tue 29 Dec, 09:00.")
        expect(page.locator("#next-event")).to_have_text("We open, Tue 29 Dec, 09:00")
        assert page.locator("header").bounding_box() == before
        assert page.evaluate("document.documentElement.scrollWidth") == SCREENS[screen][0]


def test_on_christmas_day_the_bank_holiday_is_told(phone: AtThePhone) -> None:
    phone.page.get_by_role("button", name="Set the clock").click()
    phone.page.fill("#moment", "2026-12-25T10:00")
    phone.page.get_by_role("button", name="Set", exact=True).click()
    expect(phone.page.locator("#hours")).to_have_text("Closed, bank holiday, until Tue 29 Dec, 09:00.")


def test_each_suggestion_works_while_somebody_is_there(phone: AtThePhone) -> None:
    offered = phone.page.locator("#welcome [data-try]").filter(visible=True)
    assert offered.all_inner_texts() == [
        "The last day to appeal",
        "A person",
        "A text, and a reminder",
        "Christmas Eve",
        "No key at all",
    ]
    tries(phone, "The last day to appeal").hears("Then you can appeal until Saturday the twelfth of December")
    tries(phone, "A person")
    expect(phone.telephone("Adviser")).to_contain_text("It rings")
    tries(phone, "A text, and a reminder").hears("We will remind you by text").gets("Here is the information")
    tries(phone, "No key at all").hears("You stay silent", "We did not hear a key")
    tries(phone, "Christmas Eve")
    expect(phone.page.locator("#hours")).to_contain_text("Closed")


def test_each_suggestion_works_while_nobody_is_there(phone: AtThePhone) -> None:
    phone.moves_the_clock("Christmas Eve")
    expect(phone.page.locator("#hours")).to_have_text("Closed, out of hours, until Tue 29 Dec, 09:00.")
    offered = phone.page.locator("#welcome [data-try]").filter(visible=True)
    assert offered.all_inner_texts() == [
        "The last day to appeal",
        "Nobody is there",
        "A text, and a reminder",
        "A weekday at ten",
        "No key at all",
    ]
    page = phone.page
    page.get_by_role("button", name="Nobody is there").click()
    phone.hears("Our advisers are back on Tuesday at nine").hangs_up()
    page.get_by_role("button", name="Set the clock").click()
    page.get_by_role("button", name="Begin a new trial").click()
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#hours")).to_contain_text("Closed")
    page.locator("[data-try=ten]").click()
    expect(page.locator("#today")).to_have_text("Tuesday 29 December 2026, 10:00")
    expect(page.locator("#hours")).to_contain_text("Open until 17:00")


def tries(phone: AtThePhone, suggestion: str) -> AtThePhone:
    """Press a suggestion in a new trial at the same hour."""
    page = phone.page
    if page.locator("#call").inner_text() == "Hang up":
        phone.hangs_up()
    page.get_by_role("button", name="Set the clock").click()
    page.get_by_role("button", name="Begin a new trial").click()
    expect(page.locator("#welcome")).to_be_visible()
    page.locator("#welcome").get_by_role("button", name=suggestion).click()
    return phone
