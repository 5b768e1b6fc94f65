"""The closer look: every request of the session, with its answer, the call state and what was promised."""

import json

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.simulator.browsing import SCREENS, AtThePhone, audits, visitor

TO_THE_DEADLINE = ("1", "1", "14102026", "1", "2")


@pytest.fixture
def phone(page: Page, address: str) -> AtThePhone:
    """Somebody new, who has opened the closer look."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return AtThePhone(page, address).opens("Closer look")


def request(page: Page, text: str) -> Locator:
    return page.locator("#requests > li:visible").filter(has_text=text)


def opened(page: Page, text: str) -> Locator:
    found = request(page, text).last
    found.locator("summary").click()
    return found


def test_a_deadline_call_request_by_request(phone: AtThePhone, page: Page) -> None:
    expect(page.locator("#no-requests")).to_be_visible()
    phone.rings()
    for keys in TO_THE_DEADLINE:
        phone.presses(keys)
    expect(request(page, "/voice/deadline/has_certificate")).to_be_visible()
    sent = page.locator("#requests > li", has_text="from Twilio").locator("code")
    expect(sent).to_have_text(
        [
            "POST /voice",
            "POST /voice/welcome/main",
            "POST /voice/decisions/menu",
            "POST /voice/deadline/letter",
            "POST /voice/deadline/confirm_letter",
            "POST /voice/deadline/has_certificate",
        ]
    )
    found = opened(page, "/voice/deadline/has_certificate")
    expect(found.locator("summary")).to_contain_text("Digits=2")
    expect(found.locator("summary .status")).to_contain_text("200 in")
    expect(found).to_contain_text("deadline/has_certificate → deadline/work_out")
    expect(found).to_contain_text('"letter":"2026-10-14"')
    expect(found).to_contain_text('"told":"2026-12-14"')
    answer = found.locator("pre")
    expect(answer).to_contain_text('\n  <Gather action="https://helpline.example/voice/deadline/work_out?m=…"')
    expect(answer).to_contain_text("\n    <Say")
    expect(found.locator("dd").first).to_have_text("?m=…")


def test_a_request_is_copied_as_a_command_and_as_json(phone: AtThePhone, page: Page) -> None:
    phone.rings().presses("1")
    found = opened(page, "/voice/welcome/main")
    found.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    command = str(page.evaluate("navigator.clipboard.readText()"))
    assert command.startswith("curl -X POST 'http://localhost:8000/voice/welcome/main?m=")
    assert "--data-urlencode 'Digits=1'" in command
    assert "…" not in command
    page.get_by_role("button", name="Copy all as JSON").click()
    everything = json.loads(str(page.evaluate("navigator.clipboard.readText()")))
    assert [one["path"] for one in everything if one["from"] == "provider"] == ["/voice", "/voice/welcome/main"]
    assert everything[-1]["traces"][0]["state"]["history"] == ["welcome/main"]


def test_an_advisers_leg_and_what_is_asked_of_twilio_are_found_by_whom_they_are_about(
    phone: AtThePhone, page: Page
) -> None:
    phone.with_time().rings().presses("0").does("Adviser", "Pick up")
    expect(request(page, "/voice/screening/offer")).to_be_visible()
    about = page.locator("#closer-about")
    about.select_option(label=about.locator("option", has_text="Adviser").first.inner_text())
    expect(request(page, "POST /Calls.json")).to_be_visible()
    expect(request(page, "/voice/screening/offer")).to_be_visible()
    expect(request(page, "/voice/person/waiting")).to_have_count(0)
    about.select_option("rest")
    expect(request(page, "POST /Calls.json")).to_contain_text("To=+447700900001")
    expect(request(page, "from Twilio")).to_have_count(0)


def test_a_text_is_followed_from_the_promise_to_its_delivery(phone: AtThePhone, page: Page) -> None:
    phone.opens("The way")
    page.select_option("#picture-name", "sms")
    page.locator('#picture [data-box="text"] rect.box').click()
    page.get_by_role("button", name="Start here", exact=True).click()
    phone.opens("Closer look")
    first = request(page, "POST /voice").first
    first.locator("summary").click()
    expect(first).to_contain_text("SendText: kept")
    phone.hangs_up()
    expect(request(page, "POST /Messages.json").first).to_contain_text("Body=")
    expect(request(page, "POST /sms/status").last).to_contain_text("MessageStatus=delivered")


def test_another_trial_begins_with_none(phone: AtThePhone, page: Page) -> None:
    phone.rings()
    expect(request(page, "POST /voice").first).to_be_visible()
    phone.hangs_up()
    page.get_by_role("button", name="Set the clock").click()
    page.get_by_role("button", name="Begin a new trial").click()
    expect(page.locator("#requests > li")).to_have_count(0)
    expect(page.locator("#no-requests")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_wider_than_the_page(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen) as page:
        phone = AtThePhone(page, address).opens("Closer look").rings()
        phone.page.keyboard.press("0")
        expect(request(page, "/voice/person/waiting").first).to_be_visible()
        request(page, "POST /Calls.json").first.locator("summary").press("Enter")
        request(page, "/voice/person/waiting").first.locator("summary").press("Enter")
        assert page.evaluate("document.documentElement.scrollWidth") == SCREENS[screen][0]


def test_everybody_can_use_the_closer_look(phone: AtThePhone, page: Page) -> None:
    audits(page, "before a call")
    phone.rings().presses("1")
    opened(page, "/voice/welcome/main")
    audits(page, "with a request opened")
