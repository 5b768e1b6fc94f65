"""The staff pages in a real browser: every task of an adviser, a manager and an administrator, done once."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility import violations
from tests.console.browsing import content_width, serving, visitor
from tests.console.made_up_helpline import made_up
from tests.fake_provider import FakeProvider
from tests.simulator.browsing import PATIENCE, until

ADVISER, MANAGER, ADMINISTRATOR = "Ann Adviser", "Max Manager", "Ada Administrator"
PAGES = {
    ADVISER: ("/console", "/console/waiting", "/console/talks", "/console/finished", "/console/me"),
    MANAGER: ("/console/hours", "/console/unsent", "/console/audit"),
    ADMINISTRATOR: ("/console/people",),
}
ITEMS = ("callback", "message", "text")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def fake() -> FakeProvider:
    return FakeProvider()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, fake: FakeProvider) -> Iterator[str]:
    with serving(made_up(tmp_path_factory.mktemp("helpline"), fake)) as address:
        yield address


def enter(page: Page, address: str, name: str) -> None:
    """Sign in as somebody made up, and come to Today."""
    page.goto(f"{address}/console/enter")
    page.get_by_role("button", name=f"Enter as {name}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def open_first(page: Page, address: str, kind: str) -> None:
    """Open the first item of a kind that waits and that nobody has."""
    page.goto(f"{address}/console/waiting?kind={kind}")
    page.locator(".live li", has_not_text="has it").filter(has_not_text="yours").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Waiting")
    page.wait_for_load_state("load")  # what is typed before its script is there is not counted


def does(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def rung_within(page: Page, fake: FakeProvider) -> None:
    """Wait until somebody is rung, for as long as we wait for a page."""
    for _ in range(PATIENCE // 50):
        if fake.calls:
            return
        page.wait_for_timeout(50)


def is_told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def test_an_adviser_hears_a_message_and_deals_with_it(page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    open_first(page, address, "message")
    does(page, "I will do it")
    expect(page.get_by_role("heading", name="It is yours")).to_be_visible()
    page.evaluate("() => document.querySelector('audio').play()")
    until(page, "document.querySelector('audio').currentTime > 0.2")
    page.get_by_label("Another note").fill("She will ring again.")
    does(page, "Add the note")
    expect(page.get_by_text("She will ring again.")).to_be_visible()
    does(page, "Done")
    expect(page.get_by_role("heading", name=f"Done by {ADVISER}")).to_be_visible()
    does(page, "It is not done after all")
    expect(page.get_by_role("button", name="I will do it")).to_be_visible()


def test_an_adviser_rings_a_caller_back_from_the_page(page: Page, address: str, fake: FakeProvider) -> None:
    enter(page, address, ADVISER)
    open_first(page, address, "callback")
    expect(page.get_by_text("Safe to ring")).to_be_visible()
    expect(page.get_by_text("Voicemail", exact=True)).to_be_visible()
    does(page, "I will ring them")
    page.get_by_label("Of the rota").select_option("Jo Marsh")
    does(page, "Ring me, then them")
    expect(page.locator(".live")).to_contain_text("your telephone")
    rung_within(page, fake)
    assert [call.fields["To"] for call in fake.calls] == ["+447700900010"]
    page.get_by_label("How a try went").fill("no answer")
    does(page, "Note the try")
    expect(page.locator(".live")).to_contain_text("no answer")
    page.get_by_label("Remind me today at").fill("15:00")
    does(page, "Remind me")
    expect(page.get_by_text("On top of your list from Mon 23 November at 15:00.")).to_be_visible()
    does(page, "They were reached: done")
    expect(page.get_by_role("heading", name=f"Done by {ADVISER}")).to_be_visible()
    does(page, "They still wait")
    expect(page.get_by_role("button", name="Give up: they cannot be reached")).to_be_visible()


def test_two_people_cannot_claim_the_same(browser: Browser, page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    open_first(page, address, "message")
    with visitor(browser, may_fail=(409,)) as other:
        enter(other, address, MANAGER)
        other.goto(page.url)
        does(page, "I will do it")
        expect(page.get_by_role("heading", name="It is yours")).to_be_visible()
        does(other, "I will do it")
        expect(other.get_by_role("alert")).to_contain_text(ADVISER)
        expect(other.get_by_role("heading", name=f"{ADVISER} has it")).to_be_visible()


def test_a_text_is_answered_in_ones_own_words(page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    open_first(page, address, "text")
    page.get_by_label("Answer").fill("Yes, it is the same form.")
    expect(page.locator("#length")).to_contain_text("1 text")
    does(page, "Send the answer")
    expect(page.get_by_role("heading", name=f"Done by {ADVISER}")).to_be_visible()
    expect(page.get_by_text("Our answer")).to_be_visible()


def test_a_written_text_is_sent_after_a_talk_with_consent_only(browser: Browser, address: str) -> None:
    with visitor(browser, may_fail=(409,)) as page:
        enter(page, address, ADVISER)
        page.goto(f"{address}/console/talks")
        page.locator("li", has_text="talked").filter(has_not_text="rung back").get_by_role("link").first.click()
        page.get_by_role("radio").first.check()
        does(page, "Send the text")
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_role("radio").first.check()
        page.get_by_label("They want this text").check()
        does(page, "Send the text")
        expect(page.locator("form .mark").first).to_be_visible()


def test_what_is_finished_can_be_found_by_number(page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    page.goto(f"{address}/console/finished")
    page.locator(".rows").get_by_role("link").first.click()
    does(page, "Show the number")
    written = page.locator("dt", has_text="Number").locator("+ dd")
    expect(written).to_contain_text("07700 900")
    number = written.inner_text().partition("\n")[0]
    page.goto(f"{address}/console/finished")
    page.get_by_label("Find").fill(number)
    does(page, "Find")
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    expect(page.locator(".rows li").first).to_be_visible()


def test_a_manager_has_a_text_sent_again_and_sees_who_did_it(page: Page, address: str) -> None:
    enter(page, address, MANAGER)
    page.get_by_role("link", name="See why, and send again").click()
    page.get_by_role("button", name="Send it again").first.click()
    is_told(page, "It is sent again now.")
    page.goto(f"{address}/console/audit")
    expect(page.get_by_role("row", name="sent again").first).to_contain_text(MANAGER)
    does(page, "Verify the log")
    is_told(page, "The log is whole")


def test_a_manager_hears_what_callers_would_hear_before_other_hours_are_saved(page: Page, address: str) -> None:
    enter(page, address, MANAGER)
    page.goto(f"{address}/console/hours")
    page.get_by_text("Set other hours").click()
    page.get_by_label("From which day on").fill("2026-12-07")
    page.get_by_label("Tuesday").fill("9-5 and late")
    show = page.locator("form[action$='/week'] button")
    show.click()
    expect(page.get_by_role("alert")).to_contain_text("is not hours")
    assert violations(page) == []
    page.get_by_label("Tuesday").fill("10-18")
    show.click()
    expect(page.get_by_role("heading", name="What callers would hear")).to_have_count(3)
    expect(page.get_by_text("back today at nine").first).to_be_visible()
    assert violations(page) == []
    does(page, "Change it")
    expect(page.get_by_label("Tuesday")).to_have_value("10-18")
    show.click()
    does(page, "Save it")
    is_told(page, "The hours are set.")
    expect(page.get_by_role("heading", name="From Mon 7 December 2026 on")).to_be_visible()


def test_everybody_is_told_something_once_a_manager_has_heard_it(page: Page, address: str) -> None:
    enter(page, address, MANAGER)
    page.goto(f"{address}/console/hours")
    page.get_by_text("Tell every caller something").click()
    page.get_by_label("What callers hear").fill("Our office is closed because of the snow.")
    page.locator("form[action$='/emergency'] button").click()
    expect(page.get_by_text("It is 8 words long, and takes 3.2 seconds.")).to_be_visible()
    does(page, "Save it")
    expect(page.get_by_text("Every caller is told until")).to_be_visible()
    does(page, "Take the message back")
    does(page, "Save it")
    is_told(page, "The message is taken back")


def test_an_administrator_invites_somebody_changes_and_ends_them(page: Page, address: str) -> None:
    enter(page, address, ADMINISTRATOR)
    page.goto(f"{address}/console/people")
    page.get_by_label("Name").fill("Nia Pugh")
    page.get_by_label("E-mail address").fill("nia@helpline.example")
    does(page, "Invite")
    expect(page.get_by_text("/console/invitation/")).to_be_visible()
    page.goto(f"{address}/console/people")
    page.get_by_role("link", name="Nia Pugh").click()
    page.get_by_label("What they may").select_option("manager")
    does(page, "Change the role")
    is_told(page, "Changed.")
    expect(page.get_by_label("What they may")).to_have_value("manager")
    page.get_by_text("They have left").click()
    does(page, "Let Nia Pugh in no more")
    is_told(page, "They are let in no more")


def test_the_first_page_brings_itself_up_to_date(browser: Browser, page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    waiting = page.get_by_role("heading", name="Waiting for us")
    before = waiting.inner_text()
    with visitor(browser) as other:
        enter(other, address, MANAGER)
        open_first(other, address, "message")
        other.get_by_role("button", name="Done", exact=True).click()
    expect(waiting).not_to_have_text(before)
    expect(page.locator("#said")).to_contain_text("Waiting for us")


def test_everything_works_without_javascript(browser: Browser, address: str) -> None:
    with visitor(browser, java_script_enabled=False) as page:
        enter(page, address, ADVISER)
        open_first(page, address, "message")
        does(page, "I will do it")
        expect(page.get_by_role("heading", name="It is yours")).to_be_visible()
        does(page, "Let somebody else do it")
        expect(page.get_by_role("button", name="I will do it")).to_be_visible()


def test_closing_for_a_day_works_without_javascript(browser: Browser, address: str) -> None:
    with visitor(browser, java_script_enabled=False) as page:
        enter(page, address, MANAGER)
        page.goto(f"{address}/console/hours")
        page.get_by_text("Close for a day or for hours").click()
        page.get_by_label("Our advisers are in training.").check()
        page.get_by_label("First day").fill("2026-12-03")
        page.locator("form[action$='/closures'] button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The closure, before it is saved")
        does(page, "Save it")
        expect(page.get_by_text("From Thu 3 December 2026, 0:00 to Thu 3 December 2026, 24:00")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_out_of_a_page(browser: Browser, address: str, name: str) -> None:
    with visitor(browser) as page:
        page.goto(f"{address}/console/enter")
        assert violations(page) == []
        enter(page, address, name)
        for path in PAGES[name]:
            page.goto(f"{address}{path}")
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert violations(page) == [], (path, scheme)


@pytest.mark.parametrize("kind", ITEMS)
def test_nobody_is_kept_out_of_an_item_in_any_of_its_states(browser: Browser, address: str, kind: str) -> None:
    with visitor(browser, may_fail=(409,)) as page:
        enter(page, address, MANAGER)
        open_first(page, address, kind)
        assert violations(page) == []
        page.get_by_role("button", name="I will").click()
        expect(page.get_by_role("heading", name=" yours")).to_be_visible()
        assert violations(page) == []
        page.goto(f"{address}/console/finished")
        word = {"callback": "Call back", "message": "Message", "text": "Text"}[kind]
        page.locator(".rows").get_by_role("link", name=word).first.click()
        expect(page.get_by_role("heading", name=" by ", level=2)).to_be_visible()
        assert violations(page) == []


def test_a_narrow_screen_is_not_scrolled_sideways(browser: Browser, address: str) -> None:
    """320 is a small telephone, and 1280 at four times."""
    with visitor(browser) as page:
        page.set_viewport_size({"width": 320, "height": 640})
        enter(page, address, ADMINISTRATOR)
        paths = [path for some in PAGES.values() for path in some]
        for path in paths:
            page.goto(f"{address}{path}")
            assert content_width(page) <= 320, path
        for kind in ITEMS:
            open_first(page, address, kind)
            assert content_width(page) <= 320, kind


def test_a_page_is_worked_by_the_keyboard_alone(page: Page, address: str) -> None:
    enter(page, address, ADVISER)
    open_first(page, address, "message")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the page")
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "I will do it":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="It is yours")).to_be_visible()
