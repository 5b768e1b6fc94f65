"""Complaints about data in a real browser: taken down, confirmed, answered, closed, at every width and in the dark."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility import violations
from tests.console.browsing import content_width, serving, visitor
from tests.console.made_up_helpline import made_up
from tests.console.test_browser import ADVISER, MANAGER, does, enter, is_told, open_first
from tests.fake_provider import FakeProvider

LIST = "/console/complaints"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(made_up(tmp_path_factory.mktemp("helpline"), FakeProvider(), calls=600)) as address:
        yield address


def taken_down(page: Page, address: str, number: str = "07700 900481") -> str:
    """Take one down; return the path of its page."""
    page.goto(f"{address}{LIST}")
    page.get_by_role("link", name="Take one down").click()
    page.get_by_label("What they complain of").fill("You told the school that I rang.")
    page.get_by_label("Their telephone number").fill(number)
    does(page, "Take it down")
    is_told(page, "It is taken down.")
    return page.url.removeprefix(address).partition("?")[0]


def test_an_adviser_takes_one_down_and_a_manager_confirms_answers_and_closes_it(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        enter(page, address, ADVISER)
        path = taken_down(page, address)
        expect(page.get_by_text("A manager confirms, answers and closes it.")).to_be_visible()
        enter(page, address, MANAGER)
        page.goto(f"{address}{path}")
        does(page, "Confirm it by this text")
        is_told(page, "The text is on its way")
        page.get_by_label("Upheld: they were right").check()
        page.get_by_label("What they were told").fill("We are sorry.")
        page.get_by_role("group", name="How they were told").last.get_by_label("By letter").check()
        does(page, "Close it")
        is_told(page, "It is closed.")
        page.get_by_role("link", name="The letter with our answer, to print").click()
        expect(page.get_by_text("We are sorry.")).to_be_visible()


def test_it_works_without_javascript_and_a_refused_form_keeps_what_was_written(browser: Browser, address: str) -> None:
    with visitor(browser, java_script_enabled=False) as page:
        enter(page, address, MANAGER)
        taken_down(page, address)
        page.get_by_label("What they were told").fill("We are sorry.")
        does(page, "Close it")
        expect(page.get_by_role("alert")).to_contain_text("nothing is closed without an outcome")
        expect(page.get_by_label("What they were told")).to_have_value("We are sorry.")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nobody_is_kept_out_of_any_of_its_states_and_nothing_is_scrolled_sideways(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    with visitor(browser, "telephone") as page:
        page.emulate_media(color_scheme=scheme)
        enter(page, address, MANAGER)
        page.goto(f"{address}{LIST}?all=yes")
        paths = [str(link.get_attribute("href")) for link in page.locator(".rows").get_by_role("link").all()]
        assert len(paths) >= 3
        pages = [LIST, f"{LIST}?all=yes", f"{LIST}/new", *paths[:4], f"{paths[0]}/letter/acknowledgement"]
        for path in (*pages, f"{paths[-1]}/letter/answer"):
            page.goto(f"{address}{path}")
            assert violations(page) == [], path
            for width in (390, 320):
                page.set_viewport_size({"width": width, "height": 844})
                assert content_width(page) <= width, path


def test_a_text_becomes_a_complaint_with_a_click(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        enter(page, address, ADVISER)
        open_first(page, address, "text")
        page.get_by_role("link", name="This is a complaint about data").click()
        expect(page.get_by_label("By text")).to_be_checked()
        page.get_by_label("What they complain of").fill("They want to know what we keep.")
        does(page, "Take it down")
        is_told(page, "It is taken down.")
