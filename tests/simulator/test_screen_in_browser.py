"""The page of the telephone on every screen: what is always in view, and what never moves."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.simulator.browsing import SCREENS, AtThePhone, audits, until, visitor

WITHOUT_A_SCROLL = ("laptop", "desktop", "tablet")
everywhere = pytest.mark.parametrize("screen", SCREENS)


def is_in_view(element: Locator) -> bool:
    """Return whether the whole of an element is in the window, but for part of a pixel, and nothing is above it."""
    return bool(
        element.evaluate(
            """one => {
                const {left, right, top, bottom} = one.getBoundingClientRect();
                const isShown = (x, y) => one.contains(document.elementFromPoint(x, y));
                return left >= 0 && top >= 0 && right <= innerWidth && bottom < innerHeight + 1
                    && isShown((left + right) / 2, top + 3) && isShown((left + right) / 2, bottom - 3);
            }"""
        )
    )


def width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


@everywhere
def test_a_telephone_that_rings_and_the_line_that_is_spoken_are_in_view(
    browser: Browser, address: str, screen: str
) -> None:
    with visitor(browser, screen) as page:
        phone = AtThePhone(page, address).with_time().rings().presses("0")
        for tab in page.get_by_role("tab").filter(visible=True).all():
            tab.click()
            page.evaluate("scrollTo(0, 9999)")
            assert is_in_view(page.locator("#standing")), tab.inner_text()
            assert is_in_view(page.locator("#captions")), tab.inner_text()
            for button in phone.telephone("Adviser").get_by_role("button").all():
                assert is_in_view(button), (tab.inner_text(), button.inner_text())
        assert width(page) == SCREENS[screen][0]
        phone.does("Adviser", "Pick up")
        expect(phone.telephone("Adviser")).to_contain_text("press 1")
        assert is_in_view(phone.telephone("Adviser").get_by_role("button", name="Press 1"))
        assert is_in_view(page.locator("#captions"))


@pytest.mark.parametrize("screen", WITHOUT_A_SCROLL)
def test_the_page_itself_does_not_scroll(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen) as page:
        phone = AtThePhone(page, address).rings().presses("110").hears("We are ringing")
        for tab in page.get_by_role("tab").filter(visible=True).all():
            tab.click()
            height = page.evaluate("document.documentElement.scrollHeight")
            assert (width(page), height) == SCREENS[screen], tab.inner_text()
        assert is_in_view(phone.page.locator("#keypad"))


@everywhere
def test_no_key_moves_in_a_whole_call(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen) as page:
        phone = AtThePhone(page, address).with_time()
        before = keys(page)
        phone.rings().hears("Hello, this is Devon's")
        assert keys(page) == before
        for pressed in ("1", "1", "14102026", "1", "2", "0"):
            phone.presses(pressed)
            assert keys(page) == before, pressed
        phone.does("Adviser", "Pick up").does("Adviser", "Press 1")
        expect(page.locator("#standing")).to_have_text("Talking with Adviser")
        assert keys(page) == before
        phone.does("Adviser", "Hang up").hears("Would you like a text")
        phone.presses("2").hears("Goodbye")
        assert keys(page) == before


def keys(page: Page) -> Mapping[str, float]:
    """Return where the keypad stands on the page, whatever the page is scrolled to."""
    place: Mapping[str, float] = page.evaluate(
        """() => {
            scrollTo(0, 0);
            const {x, y, width, height} = document.getElementById("keypad").getBoundingClientRect();
            return {x, y, width, height};
        }"""
    )
    return place


@everywhere
def test_the_fifth_choice_of_a_menu_is_read_to_its_end(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen) as page:
        AtThePhone(page, address).rings().presses("1")
        until(
            page,
            """(() => {
                const {textContent, scrollHeight, clientHeight, scrollTop} = document.getElementById("captions");
                return textContent.endsWith("press 5.") && scrollHeight - clientHeight - scrollTop < 2;
            })()""",
        )


def test_a_telephone_shows_the_whole_of_the_longest_menu(browser: Browser, address: str) -> None:
    with visitor(browser, "telephone") as page:
        AtThePhone(page, address).with_time().rings().hears("To go back, press hash.")
        captions = page.locator("#captions")
        expect(captions).to_contain_text("To go back, press hash.")
        assert captions.evaluate("one => one.scrollHeight <= one.clientHeight")


@everywhere
def test_what_is_scrolled_to_is_not_behind_the_handset(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen) as page:
        phone = AtThePhone(page, address).with_time()
        controls = page.locator("#tour-start, #wait, #sound, [role=tab]").filter(visible=True)
        for one in controls.all():
            one.scroll_into_view_if_needed()
            assert is_in_view(one), one.evaluate("one => one.outerHTML")
        phone.rings().presses("0")
        expect(phone.telephone("Adviser")).to_be_visible()
        for one in page.locator("#wait, #sound, [role=tab]").filter(visible=True).all():
            one.scroll_into_view_if_needed()
            assert is_in_view(one), one.evaluate("one => one.outerHTML")


@pytest.mark.parametrize("screen", ["laptop", "tablet", "telephone"])
def test_panels_are_opened_by_arrow_keys(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen) as page:
        AtThePhone(page, address)
        tabs = page.get_by_role("tab").filter(visible=True)
        tabs.first.focus()
        for tab in (*tabs.all()[1:], tabs.first):
            page.keyboard.press("ArrowRight")
            expect(tab).to_be_focused()
            expect(tab).to_have_attribute("aria-selected", "true")
            expect(page.get_by_role("tabpanel")).to_have_count(1)
            expect(page.get_by_role("tabpanel", name=tab.inner_text())).to_be_visible()
        page.keyboard.press("End")
        expect(tabs.last).to_be_focused()


@everywhere
def test_everybody_can_use_each_screen(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen, reduced_motion="reduce") as page:
        phone = AtThePhone(page, address)
        audits(page, "before a call")
        phone.with_time().rings().presses("0").does("Adviser", "Pick up")
        expect(phone.telephone("Adviser")).to_contain_text("press 1")
        audits(page, "while an adviser is asked")
