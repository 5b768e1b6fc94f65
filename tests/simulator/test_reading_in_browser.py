"""The telephone in the browser for whoever reads it aloud, uses the keyboard alone, or chooses the colours."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.engine.yaml import read
from tests.simulator.browsing import SCREENS, AtThePhone, audits, content_in, serving, visitor

ARABIC = "ar: {name: العربية, voice: Polly.Zeina, rate: 90%, kept_by: nobody}\n"
HELLO = "مرحبا، هذا هو خط المساعدة."


def test_the_first_tab_skips_to_ring(phone: AtThePhone) -> None:
    phone.page.keyboard.press("Tab")
    expect(phone.page.get_by_role("link", name="Skip to Ring")).to_be_focused()
    phone.page.keyboard.press("Enter")
    expect(phone.page.locator("#call")).to_be_focused()
    phone.page.keyboard.press("Enter")
    phone.hears("Hello, this is Devon's")


def test_a_line_that_was_cut_short_stands_before_the_key_and_is_not_read_again(page: Page, address: str) -> None:
    phone = AtThePhone(page, address, pace="1", sound="none").rings().hears("Hello, this is Devon's")
    phone.presses("1").hears("cut short", "What did the council decide")
    classes = page.locator("#transcript > *").evaluate_all("all => all.map(one => one.className.split(' ')[0])")
    assert classes[:4] == ["happened", "said", "done", "said"]
    cut = page.locator("#transcript > *").nth(1)
    expect(cut).to_contain_text("cut short")
    expect(cut).to_have_attribute("aria-live", "off")
    expect(page.locator("#transcript")).to_have_attribute("aria-relevant", "additions")


def test_what_the_adviser_hears_and_the_recording_are_announced(phone: AtThePhone, page: Page) -> None:
    phone.with_time().rings().presses("0")
    expect(page.locator("#news")).to_contain_text("Adviser’s telephone rings.")
    phone.does("Adviser", "Pick up")
    expect(page.locator("#news")).to_contain_text("Adviser hears: This is Devon's special needs helpline")
    phone.does("Adviser", "Hang up").hangs_up().moves_the_clock("Christmas Eve")
    phone.rings().presses("0").hears("To reach us, press 2").presses("2").hears("To leave a message").presses("2")
    phone.hears("You can leave us a message").presses("1")
    expect(page.locator("#news")).to_contain_text("You are being recorded.")


def test_keys_answer_a_telephone_that_rings(phone: AtThePhone, page: Page) -> None:
    phone.rings().presses("0")
    expect(phone.telephone("Adviser")).to_contain_text("It rings")
    page.keyboard.press("b")
    expect(phone.telephone("Adviser 2")).to_contain_text("It rings")
    page.keyboard.press("p")
    expect(phone.telephone("Adviser 2")).to_contain_text("press 1")
    page.keyboard.press("p")
    expect(page.locator("#standing")).to_have_text("Talking with Adviser 2")
    page.keyboard.press("h")
    phone.hears("Would you like a text")
    expect(page.locator("#typing-hint")).to_contain_text("P picks it up")


def test_keys_on_the_keyboard_can_be_switched_off(phone: AtThePhone, page: Page) -> None:
    page.uncheck("#typing")
    page.check("#wait")
    phone.rings().hears("Hello, this is Devon's")
    page.locator("#transcript").focus()
    page.keyboard.press("1")
    expect(page.locator("#keyed")).to_have_text("\u200e")
    page.check("#typing")
    page.locator("#transcript").focus()
    page.keyboard.press("1")
    phone.hears("What did the council decide")


def test_in_a_second_call_the_caller_is_still_you(phone: AtThePhone, page: Page) -> None:
    phone.rings().hears("Hello").hangs_up()
    page.check("[value=landline]", force=True)
    phone.rings().presses("0").hears("You ring the helpline", "You wait in a queue")
    phone.hangs_up().hears("You hang up")
    expect(page.locator("#transcript")).not_to_contain_text("07700")
    expect(page.locator("#transcript")).not_to_contain_text("Caller")


def test_a_text_sent_twice_in_a_hurry_is_one_text(phone: AtThePhone, page: Page) -> None:
    page.fill("#body", "Please help")
    page.evaluate("for (const n of [1, 2, 3]) document.querySelector('#texting button').click()")
    phone.gets("Please help")
    expect(page.locator("#texting button[aria-disabled]")).to_have_count(0)
    expect(page.locator("#texts .person")).to_have_count(1)


def test_what_is_refused_stays_beside_it_until_it_is_read(phone: AtThePhone, page: Page) -> None:
    page.get_by_role("button", name="Set the clock").click()
    page.fill("#moment", "2028-11-23T10:00")
    page.get_by_role("button", name="Set", exact=True).click()
    message = page.locator("#setting + .message")
    expect(message).to_contain_text("At most a year and a bit at a time")
    expect(page.locator("#news")).to_contain_text("At most a year and a bit at a time")
    audits(page, "with a refusal")
    page.keyboard.press("Escape")
    phone.rings().presses("1").hears("What did the council decide").hangs_up()
    page.get_by_role("button", name="Set the clock").click()
    expect(message).to_be_visible()
    message.get_by_role("button", name="Close").click()
    expect(message).to_have_count(0)


def test_a_refusal_goes_when_it_succeeds(phone: AtThePhone, page: Page) -> None:
    page.get_by_role("button", name="Set the clock").click()
    for moment in ("2028-11-23T10:00", "2026-11-24T10:00"):
        page.fill("#moment", moment)
        page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator("#today")).to_have_text("Tuesday 24 November 2026, 10:00")
    expect(page.locator("#setting + .message")).to_have_count(0)


def test_a_server_that_is_away_is_told_until_it_is_back(phone: AtThePhone, page: Page) -> None:
    phone.rings()
    page.context.set_offline(True)
    expect(page.locator("#server")).to_contain_text("server")
    page.context.set_offline(False)
    expect(page.locator("#server")).to_be_empty()
    phone.presses("1").hears("What did the council decide")


def test_without_javascript_the_page_says_what_it_needs_and_how_else_to_ring(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator("noscript .card")).to_be_visible()
        told = page.locator("noscript .card").inner_text()
        assert ("needs JavaScript" in told, "ivr call" in told) == (True, True)
        expect(page.locator("main")).to_be_hidden()


@pytest.mark.parametrize("screen", ["telephone", "tablet", "laptop", "320 px"])
def test_a_helpline_in_arabic_is_read_from_right_to_left(browser: Browser, tmp_path: Path, screen: str) -> None:
    folder = content_in(tmp_path)
    languages = folder / "prompts/languages.yaml"
    languages.write_text(languages.read_text("utf-8") + ARABIC, "utf-8")
    (folder / "prompts/ar").mkdir()
    english = read(folder / "prompts/en-GB/welcome.yaml", "welcome.yaml").content["hello"]
    assert isinstance(english, dict)
    translated = {"hello": {"prompt": {"en-GB": english["prompt"], "text": HELLO}}}
    (folder / "prompts/ar/welcome.yaml").write_text(json.dumps(translated), "utf-8")
    with serving(folder) as address, visitor(browser, screen, reduced_motion="reduce") as page:
        phone = AtThePhone(page, address)
        page.select_option("#language", "ar")
        expect(page.locator("#welcome")).to_be_visible()
        phone.rings().hears(HELLO)
        line = page.locator(".said p").first
        expect(line).to_have_attribute("lang", "ar")
        expect(line).to_have_css("direction", "rtl")
        expect(page.locator("#captions")).to_have_attribute("lang", "ar")
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("document.documentElement.scrollWidth") == SCREENS[screen][0]
        for part in ("#standing", "#keypad", "#call"):
            expect(page.locator(part)).to_be_in_viewport()
        one, three = (page.locator(f'[data-key="{key}"]').bounding_box() for key in "13")
        assert one and three and one["x"] < three["x"], "the keys of a telephone stand so everywhere"
        audits(page, "from right to left")


COLOURS = """() => [...document.querySelectorAll('.tabs [role=tab], .callers span, .telephone, .plain.strong, .said p')]
    .filter(one => one.checkVisibility())
    .map(one => [one.getAttribute('aria-selected') ?? one.previousElementSibling?.checked ?? null,
                 ...['borderTopWidth', 'borderTopStyle', 'borderTopColor'].map(name => getComputedStyle(one)[name])])"""


def test_where_the_reader_chooses_the_colours_borders_tell_what_colours_told(browser: Browser, address: str) -> None:
    with visitor(browser, "laptop", forced_colors="active", reduced_motion="reduce") as page:
        phone = AtThePhone(page, address)
        tabs = [tuple(border) for chosen, *border in page.evaluate(COLOURS) if chosen in ("true", "false")]
        assert len(set(tabs)) == 2, "the open tab looks like the others"
        chosen = {tuple(border) for is_chosen, *border in page.evaluate(COLOURS) if is_chosen is True}
        others = {tuple(border) for is_chosen, *border in page.evaluate(COLOURS) if is_chosen is False}
        assert chosen.isdisjoint(others), "the chosen caller looks like the others"
        page.check("#wait")
        phone.rings().presses("0")
        expect(phone.telephone("Adviser")).to_contain_text("It rings")
        ringing = phone.telephone("Adviser").evaluate("one => getComputedStyle(one).borderTopWidth")
        quiet = page.locator("#telephones .quiet").first.evaluate("one => getComputedStyle(one).borderTopWidth")
        assert ringing != quiet
        audits(page, "in forced colours")
