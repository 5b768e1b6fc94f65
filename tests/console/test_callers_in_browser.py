"""One caller in a real browser: every task of these pages, done once, at every width and in the dark."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility import violations
from tests.console.browsing import content_width, serving, visitor
from tests.console.made_up_helpline import made_up
from tests.console.test_browser import ADVISER, MANAGER, does, enter, is_told, open_first
from tests.fake_provider import FakeProvider

NUMBER = "07700 900 242"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(made_up(tmp_path_factory.mktemp("helpline"), FakeProvider(), calls=600)) as address:
        yield address


def look_up(page: Page, address: str, number: str = NUMBER) -> None:
    page.goto(f"{address}/console/callers")
    page.get_by_label("Telephone number").fill(number)
    does(page, "Look the caller up")
    expect(page.get_by_role("heading", level=1)).to_have_text("One caller")


def test_an_adviser_looks_a_caller_up_and_sees_their_number_by_a_click(page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    look_up(page, address)
    expect(page.get_by_text("07··· ···242")).to_be_visible()
    expect(page.get_by_text(NUMBER)).to_have_count(0)
    does(page, "Show the number")
    expect(page.get_by_text(NUMBER)).to_be_visible()
    assert "242" not in page.url.removeprefix(address)  # the port of the server may have it


def test_a_number_that_is_none_is_told_beside_its_field(page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    page.goto(f"{address}/console/callers")
    page.get_by_label("Telephone number").fill("07700")
    does(page, "Look the caller up")
    field = page.get_by_label("Telephone number")
    expect(field).to_have_value("07700")
    assert page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text().startswith("That is no telephone")


def test_a_manager_blocks_a_caller_and_ends_the_block(page: Page, address: str) -> None:
    enter(page, address, MANAGER)
    look_up(page, address, "07700 900 111")
    page.get_by_text("Block them, for a while").click()
    page.get_by_label("Until the end of a day").check()
    page.get_by_label("Which day").fill("14/12/2026")
    page.get_by_label("Why").fill("Threatened Jo, twice.")
    does(page, "Block this caller")
    is_told(page, "They are blocked")
    expect(page.get_by_text("Blocked until the end of Mon 14 December 2026")).to_be_visible()
    page.goto(f"{address}/console/blocks")
    page.locator("li", has_text="Threatened Jo, twice.").get_by_role("button").click()
    is_told(page, "The block has ended")
    expect(page.get_by_text("Threatened Jo, twice.")).to_have_count(0)


def test_a_letter_is_chosen_from_a_call_back_and_shown_without_a_menu(page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    open_first(page, address, "callback")
    page.get_by_role("link", name="Write it in a letter instead").click()
    page.get_by_label("Name").fill("Jo Hill")
    page.get_by_label("Address").fill("1 High Street\nExeter")
    page.get_by_label("In large type").check()
    does(page, "Show the letter, to print it")
    expect(page.get_by_text("Dear Jo Hill,")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.get_by_text("This frame is not printed")).to_be_hidden()


def test_all_we_hold_is_given_and_erased(page: Page, address: str) -> None:
    enter(page, address, MANAGER)
    look_up(page, address, "07700 900 333")
    mine = page.url
    page.get_by_label("It is known that").check()
    with page.expect_download() as given:
        does(page, "All we hold, as a file")
    assert given.value.suggested_filename == "data-of-a-caller-2026-11-23.json"
    page.get_by_role("link", name="Erase all").click()
    page.get_by_label("Erase it for good").check()
    does(page, "Erase it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Erased")
    page.goto(mine)
    expect(page.get_by_text("Nothing is kept of this number.")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1366, 390, 320])
def test_nobody_is_kept_out_and_nothing_is_cut_off(
    browser: Browser, address: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    with visitor(browser, may_fail=(409,), color_scheme=scheme) as page:
        page.set_viewport_size({"width": width, "height": 844})
        enter(page, address, MANAGER)
        look_up(page, address)
        seen = [page.url, f"{page.url}/erase", f"{address}/console/callers", f"{address}/console/blocks"]
        seen.append(f"{address}/console/letter?deadline=2026-12-14")
        for path in seen:
            page.goto(path)
            _is_for_everybody(page)
        page.locator("input[type=checkbox]").first.check()
        does(page, "Show the letter, to print it")
        _is_for_everybody(page)
        page.goto(seen[0])
        page.get_by_label("It is known that").check()
        does(page, "All we hold, to print")
        _is_for_everybody(page)


def _is_for_everybody(page: Page) -> None:
    assert violations(page) == [], page.url
    assert content_width(page) <= page.evaluate("document.documentElement.clientWidth"), page.url
