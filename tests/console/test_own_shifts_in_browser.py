"""A manager tries a telephone, answers for somebody and gives them a calendar, and nobody is kept out of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.demo.people import adviser_number
from tests.accessibility import violations
from tests.console.browsing import content_width, serving, visitor
from tests.console.made_up_helpline import made_up
from tests.console.test_browser import MANAGER, SCHEMES, does, enter, is_told
from tests.fake_provider import FakeProvider


@pytest.fixture(scope="module")
def fake() -> FakeProvider:
    return FakeProvider()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, fake: FakeProvider) -> Iterator[str]:
    """Where the pages of a made-up helpline are."""
    with serving(made_up(tmp_path_factory.mktemp("console"), fake)) as made:
        yield made


def open_jo(page: Page, address: str) -> None:
    enter(page, address, MANAGER)
    page.goto(f"{address}/console/rota")
    page.get_by_role("link", name="Jo Marsh").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jo Marsh")


def looks_fine(page: Page) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    page.set_viewport_size({"width": 320, "height": 640})
    assert content_width(page) <= 320


@pytest.mark.parametrize("width", ["laptop", "telephone"])
def test_a_manager_answers_for_somebody(browser: Browser, address: str, width: str) -> None:
    with visitor(browser, width) as page:
        open_jo(page, address)
        tuesday = page.locator("section", has_text="Will they be there?").locator("li").first
        expect(tuesday).to_contain_text("Tue 24 November at 9:00 to 13:00")
        button = {"laptop": "They cannot come", "telephone": "They will be there"}[width]
        tuesday.get_by_role("button", name=button).click()
        is_told(page, "Noted: they")
        looks_fine(page)


def test_a_telephone_is_tried_and_the_page_tells_by_itself_how_that_goes(
    browser: Browser, address: str, fake: FakeProvider
) -> None:
    with visitor(browser) as page:
        open_jo(page, address)
        expect(page.get_by_text("It works: they picked up and pressed 1.")).to_be_visible()  # yesterday
        does(page, "Ring their telephone as a test")
        is_told(page, "Their telephone rings in a moment.")
        expect(page.get_by_text("Their telephone is about to ring.")).to_be_visible()
        assert fake.rung == [adviser_number(0)]
        looks_fine(page)


def test_an_address_for_a_calendar_is_shown_once_with_how_to_use_it(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        open_jo(page, address)
        does(page, "Make an address")
        expect(page.get_by_role("heading", level=1)).to_have_text("Jo Marsh's shifts, for a calendar")
        given = str(page.locator("code").text_content())
        looks_fine(page)
        assert "BEGIN:VEVENT" in page.request.get(given).text()
        expect(page.get_by_role("link", name="Add it to the calendar")).to_have_attribute(
            "href", given.replace("http:", "webcal:")
        )
        page.get_by_role("link", name="Go on").click()
        expect(page.get_by_text("A calendar last read it on")).to_be_visible()
        assert given not in page.content()


def test_the_calendar_of_the_whole_rota_is_found_from_the_rota(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        enter(page, address, MANAGER)
        page.goto(f"{address}/console/rota")
        page.get_by_role("link", name="In a calendar").click()
        looks_fine(page)
        does(page, "Make an address")
        expect(page.get_by_role("heading", level=1)).to_have_text("The rota's shifts, for a calendar")
