"""The live picture: the way of a call lights up in it, and a step that is pressed begins a call there."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.simulator.browsing import SCREENS, AtThePhone, audits, visitor

IN_VIEW = """box => {
    const [one, frame] = [box, document.getElementById("picture")].map(e => e.getBoundingClientRect());
    return one.left >= frame.left && one.right <= frame.right && one.top >= frame.top && one.bottom <= frame.bottom;
}"""
"""Whether a box is in view in the picture."""

everywhere = pytest.mark.parametrize("screen", SCREENS)


def box(page: Page, name: str) -> Locator:
    """A step, or a flow in the picture of the whole."""
    return page.locator(f'#picture [data-box="{name}"]')


def presses_on(page: Page, name: str) -> None:
    """Click it, not the arrows at its sides."""
    box(page, name).locator("rect.box").click()


def arrow(page: Page, start: str, end: str) -> Locator:
    return page.locator(f'#picture [data-from="{start}"][data-to="{end}"]')


def is_current(page: Page, name: str) -> None:
    expect(box(page, name)).to_have_attribute("aria-current", "step")


def field(page: Page, name: str) -> Locator:
    """What a call must know."""
    return page.locator(f'#entry-fields [name="{name}"]')


def path(page: Page) -> Locator:
    return page.locator("#path li")


@pytest.fixture
def phone(page: Page, address: str) -> AtThePhone:
    """Somebody new, who has opened the picture."""
    return AtThePhone(page, address).opens("The way")


def test_before_a_call_there_is_the_flow_that_calls_begin_in(phone: AtThePhone) -> None:
    page = phone.page
    expect(box(page, "hello")).to_be_visible()
    expect(page.locator("#no-path")).to_have_text("Nobody has rung yet.")
    expect(page.locator("#picture [aria-current]")).to_have_count(0)


def test_the_path_of_a_call_through_three_flows_lights_up(phone: AtThePhone, page: Page) -> None:
    phone.rings()
    is_current(page, "main")
    expect(arrow(page, "hello", "main")).to_contain_class("taken")
    phone.presses("1")
    is_current(page, "menu")
    expect(page.locator("#picture svg")).to_have_attribute("aria-label", "The flow decisions")
    phone.presses("1").presses("14102026").presses("1")
    is_current(page, "has_certificate")
    for start, end in (("letter", "confirm_letter"), ("confirm_letter", "which_decision")):
        expect(arrow(page, start, end)).to_contain_class("taken")
    expect(arrow(page, "which_decision", "school_only")).not_to_contain_class("taken")
    for name, order in (("letter", "4"), ("confirm_letter", "5"), ("which_decision", "6"), ("has_certificate", "7")):
        expect(box(page, name).locator(".order")).to_have_text(order)
    expect(box(page, "school_only").locator(".order")).to_have_count(0)
    expect(path(page)).to_have_text(
        [
            "Welcome: hello",
            "Welcome: main",
            "pressed 1, Decisions: menu",
            "pressed 1, Deadline: letter",
            "pressed 14102026, Deadline: confirm letter",
            "pressed 1, Deadline: which decision",
            "Deadline: has certificate",
        ]
    )
    phone.presses("7")
    expect(path(page).last).to_have_text("pressed 7, still at Deadline: has certificate")
    page.click("#picture-whole")
    is_current(page, "deadline")
    for name, order in (("welcome", "1"), ("decisions", "2"), ("deadline", "3")):
        expect(box(page, name).locator(".order")).to_have_text(order)
    expect(arrow(page, "decisions", "deadline")).to_contain_class("taken")


def test_a_way_back_takes_no_exit(phone: AtThePhone, page: Page) -> None:
    phone.rings().presses("1").presses("#")
    expect(path(page).last).to_have_text("pressed #, Welcome: main")
    is_current(page, "main")
    expect(box(page, "main").locator(".order")).to_have_text("2 4")


def test_a_picture_can_be_kept_while_the_call_goes_on(phone: AtThePhone, page: Page) -> None:
    phone.rings()
    page.select_option("#picture-name", "school")
    expect(box(page, "first_steps")).to_be_visible()
    phone.presses("1")
    expect(path(page).last).to_have_text("pressed 1, Decisions: menu")
    expect(box(page, "first_steps")).to_be_visible()
    page.select_option("#picture-name", "")
    is_current(page, "menu")
    page.click("#picture-whole")
    presses_on(page, "school")
    expect(box(page, "first_steps")).to_be_visible()
    expect(page.locator("#picture-name")).to_have_value("school")


def test_a_click_on_a_step_begins_a_call_there(phone: AtThePhone, page: Page) -> None:
    page.select_option("#picture-name", "school")
    presses_on(page, "complaining")
    phone.hears("complain to the school in writing")
    expect(path(page)).to_have_text(["School: complaining"])
    page.select_option("#picture-name", "health")
    presses_on(page, "which")
    expect(path(page)).to_have_text(["Health: which"])
    expect(phone.page.locator("#transcript")).not_to_contain_text("complain to the school in writing")


def test_a_step_is_a_button_for_the_keyboard(phone: AtThePhone, page: Page) -> None:
    page.select_option("#picture-name", "school")
    expect(box(page, "menu")).to_be_visible()
    page.get_by_role("button", name="menu, menu: start here", exact=True).focus()
    page.keyboard.press("Tab")
    expect(box(page, "first_steps")).to_be_focused()
    page.keyboard.press("Enter")
    expect(path(page)).to_have_text(["School: first steps"])
    page.keyboard.press("Tab")
    page.keyboard.press(" ")
    expect(path(page)).to_have_text(["School: complaining"])


def test_a_step_that_needs_a_date_asks_for_it_and_offers_one(phone: AtThePhone, page: Page) -> None:
    page.select_option("#picture-name", "deadline")
    box(page, "work_out").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#entry-title")).to_be_focused()
    expect(page.locator("#entry-title")).to_have_text("Start at Deadline: work out")
    letter, has_certificate = field(page, "letter"), field(page, "has_certificate")
    expect(letter).to_have_value("2026-10-24")
    has_certificate.select_option("yes")
    expect(field(page, "certificate")).to_have_value("2026-11-08")
    has_certificate.select_option("no")
    expect(field(page, "certificate")).to_have_count(0)
    letter.fill("2027-01-01")
    page.get_by_role("button", name="Start here", exact=True).click()
    expect(page.locator("#entry")).to_contain_text("“letter” cannot be after today, 2026-11-23.")
    letter.fill("2026-10-14")
    page.get_by_role("button", name="Start here", exact=True).click()
    phone.hears("appeal until Monday the fourteenth of December")
    expect(page.locator("#entry")).to_be_hidden()
    expect(box(page, "work_out")).to_be_focused()
    expect(path(page)).to_have_text(["Deadline: work out"])


def test_or_the_call_begins_at_the_question_that_asks_for_it(phone: AtThePhone, page: Page) -> None:
    page.select_option("#picture-name", "deadline")
    presses_on(page, "confirm_letter")
    page.get_by_role("button", name="Deadline: letter", exact=True).click()
    phone.hears("Key in the date on your newest decision letter")
    expect(page.locator("#entry")).to_be_hidden()


def test_a_step_that_no_caller_begins_at_says_so(phone: AtThePhone, page: Page) -> None:
    page.select_option("#picture-name", "screening")
    presses_on(page, "offer")
    expect(page.locator("#entry-title")).to_have_text("No call can begin at Screening: offer")
    expect(page.locator("#entry-why")).to_contain_text("An adviser hears it on a line of their own")
    expect(page.get_by_role("button", name="Start here", exact=True)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#entry")).to_be_hidden()
    page.select_option("#picture-name", "messages")
    presses_on(page, "review")
    page.get_by_role("button", name="Messages: begin", exact=True).click()
    phone.hears("After the tone")


def test_a_changed_file_is_drawn_anew(phone: AtThePhone, page: Page, folder: Path) -> None:
    flow = folder / "flows/moving.yaml"
    as_it_was = flow.read_text("utf-8")
    phone.rings()
    page.select_option("#picture-name", "moving")
    expect(page.locator("#picture svg")).to_have_attribute("aria-label", "The flow moving")
    try:
        flow.write_text(as_it_was.replace("go: ", "go: nowhere_", 1), "utf-8")
        expect(page.locator("#picture .missing").first).to_be_visible()
    finally:
        flow.write_text(as_it_was, "utf-8")


@everywhere
def test_the_step_where_the_caller_is_is_in_view_and_the_page_stays_where_it_is(
    browser: Browser, address: str, screen: str
) -> None:
    with visitor(browser, screen) as page:
        phone = AtThePhone(page, address).opens("The way").rings()
        is_current(page, "main")
        before = page.evaluate("scrollY")
        page.keyboard.press("1")
        is_current(page, "menu")
        assert page.evaluate("scrollY") == before
        assert box(page, "menu").locator("rect.box").evaluate(IN_VIEW)
        phone.page.click("#picture-nearer")
        expect(page.locator("#picture-zoom")).to_have_text("125 %")
        page.click("#picture-farther")
        page.click("#picture-farther")
        expect(page.locator("#picture-zoom")).to_have_text("75 %")
        page.select_option("#picture-name", "deadline")
        box(page, "work_out").press("Enter")
        expect(page.locator("#entry")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == SCREENS[screen][0]


def test_everybody_can_use_the_picture(phone: AtThePhone, page: Page) -> None:
    audits(page, "before a call")
    phone.rings().presses("1")
    is_current(page, "menu")
    audits(page, "in a call")
    page.select_option("#picture-name", "deadline")
    presses_on(page, "confirm_letter")
    expect(page.locator("#entry")).to_be_visible()
    audits(page, "while something is missing")
    page.locator("#entry-not-now").click()
    page.click("#picture-whole")
    is_current(page, "decisions")
    audits(page, "the whole helpline")


def test_in_forced_colours_what_was_visited_and_where_the_caller_is_are_told_apart(
    browser: Browser, address: str
) -> None:
    with visitor(browser, "laptop", forced_colors="active") as page:
        AtThePhone(page, address).opens("The way").rings()
        is_current(page, "main")

        def look(name: str) -> tuple[str, str]:
            shape = "getComputedStyle(one.querySelector('rect.box'))"
            told: list[str] = box(page, name).evaluate(f"one => [{shape}.fill, {shape}.stroke]")
            return told[0], told[1]

        assert len({look("main"), look("hello"), look("goodbye")}) == 3
