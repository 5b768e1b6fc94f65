"""The rota in a real browser: a manager on a telephone changes it, and it prints on one sheet."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility import violations
from tests.console.browsing import content_width, serving, visitor
from tests.console.made_up_helpline import made_up
from tests.console.test_browser import ADVISER, MANAGER, SCHEMES, does, enter, is_told
from tests.fake_provider import FakeProvider

WEEK = "/console/rota?week=2026-W50"
FEW = 20
"""Calls; the pages of the rota show none."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(made_up(tmp_path_factory.mktemp("helpline"), FakeProvider(), calls=FEW)) as address:
        yield address


def open_adviser(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/console/rota")
    page.get_by_role("rowheader").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def ask_for_an_absence(page: Page, address: str, day: str) -> None:
    """Ask what it does that Jo is away on a day."""
    open_adviser(page, address, "Jo Marsh")
    page.get_by_text("Have them away from a day to another").click()
    form = page.locator("form[action$='/absent']")
    form.get_by_label("First day").fill(day)
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before it is saved")


@pytest.mark.parametrize("script", [True, False], ids=["", "without JavaScript"])
def test_a_manager_on_a_telephone_sees_what_an_absence_does_and_saves_it(
    browser: Browser, address: str, script: bool
) -> None:
    day, told = ("2026-12-07", "Mon 7 December") if script else ("2026-12-09", "Wed 9 December")
    with visitor(browser, "telephone", java_script_enabled=script) as page:
        enter(page, address, MANAGER)
        ask_for_an_absence(page, address, day)
        expect(page.locator(".banner.bad")).to_contain_text(f"{told} at 9:00 to 12:00")
        expect(page.get_by_text("What callers would hear")).to_contain_text(f"{told} at 9:00")
        does(page, "Save it")
        is_told(page, "Saved.")
        page.goto(f"{address}{WEEK}")
        expect(page.locator("section.bad")).to_contain_text(f"{told} at 9:00 to 12:00")
        row = page.get_by_role("row", name=told)
        expect(row).to_contain_text("9:00–12:00 nobody")
        expect(row).to_contain_text("Jo Marsh, on")


def test_what_was_written_is_still_there_after_change_something_first(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        enter(page, address, MANAGER)
        ask_for_an_absence(page, address, "2026-12-14")
        does(page, "Change something first")
        expect(page.locator("form[action$='/absent']").get_by_label("First day")).to_have_value("2026-12-14")


def test_a_swap_that_would_leave_an_hour_is_refused_beside_what_was_chosen(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        enter(page, address, MANAGER)
        page.goto(f"{address}/console/rota")
        page.get_by_role("link", name="Swap or cover a shift").click()
        page.get_by_label("Who cannot come").select_option("Jo Marsh")
        page.get_by_label("On which day").fill("2026-12-15")
        page.get_by_label("Who comes instead").select_option("Ella Reed")
        page.get_by_label("For a cover in part").fill("09:00-10:00")
        does(page, "Look at what that does")
        does(page, "Save it")
        page.goto(f"{address}/console/rota/swap")
        page.get_by_label("Who cannot come").select_option("Jo Marsh")
        page.get_by_label("On which day").fill("2026-12-16")
        page.get_by_label("Who comes instead").select_option("Grace Ford")
        page.get_by_label("For a cover in part").fill("09:00-10:00")
        does(page, "Look at what that does")
        expect(page.get_by_role("alert")).to_contain_text("Wed 16 Dec 2026 10:00 to 12:00")
        expect(page.get_by_label("Who comes instead")).to_have_value("Grace Ford")
        expect(page.get_by_label("For a cover in part")).to_have_value("09:00-10:00")


def test_nobody_is_kept_out_of_the_rota(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        for name in (ADVISER, MANAGER):
            enter(page, address, name)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.goto(f"{address}/console/rota")
                assert violations(page) == [], (name, scheme)
                open_adviser(page, address, "Jo Marsh")
                assert violations(page) == [], (name, scheme)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            ask_for_an_absence(page, address, "2026-12-16")
            assert violations(page) == [], scheme
            page.goto(f"{address}/console/rota/swap")
            assert violations(page) == [], scheme


def test_a_small_telephone_is_not_scrolled_sideways(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        page.set_viewport_size({"width": 320, "height": 640})
        enter(page, address, MANAGER)
        for path in ("/console/rota", WEEK, "/console/rota/swap"):
            page.goto(f"{address}{path}")
            assert content_width(page) <= 320, path
        open_adviser(page, address, "Grace Ford")
        page.get_by_text("Set other hours for a day or a while").click()
        assert content_width(page) <= 320
        ask_for_an_absence(page, address, "2026-12-17")
        assert content_width(page) <= 320


OFTEN = ".rota .shift:last-of-type, #balance ~ table tbody tr:first-of-type"
TEN_MORE = f"""for (const one of document.querySelectorAll("{OFTEN}"))
    for (let n = 0; n < 10; n++) one.after(one.cloneNode(true))"""


def test_a_week_of_many_advisers_prints_on_one_sheet_too(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        enter(page, address, MANAGER)
        page.goto(f"{address}{WEEK}")
        page.evaluate(TEN_MORE)
        assert page.locator(".rota .shift").count() > 60
        assert page.locator("#balance ~ table tbody tr").count() == 16
        assert sheets(page) == 1


def sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4")))


def test_a_week_prints_on_one_sheet_without_menu_and_buttons(browser: Browser, address: str) -> None:
    with visitor(browser) as page:
        enter(page, address, MANAGER)
        page.goto(f"{address}{WEEK}")
        assert sheets(page) == 1
        page.emulate_media(media="print")
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("navigation")).to_have_count(0)
        expect(page.get_by_text("Printed on Mon 23 November 2026, 10:30.")).to_be_visible()
        page.set_viewport_size({"width": 718, "height": 1000})
        expect(page.get_by_role("columnheader", name="On shift")).to_be_visible()
        expect(page.get_by_role("row", name="Mon 7 December")).to_contain_text("Sam Lee")
