"""The adviser's desk beside the telephone, in a real browser: what a caller asks for is seen to at the other end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.accessibility import violations
from tests.simulator.browsing import SCREENS, AtThePhone, audits, until, visitor

EVENING = "?at=2026-11-23T20:00"
A_CALL_BACK = "0211132"
A_MESSAGE = "0221"
WORDS = "Please ring me about the plan."
SOUND = """async (audio) => {
    const bytes = new Uint8Array(await (await fetch(audio.src)).arrayBuffer());
    return new Set(bytes.slice(44)).size;
}"""
"""How many different bytes there are in a recording after its header: one or two in silence."""


class AtTheDesk(AtThePhone):
    """Somebody who has the adviser's desk beside the telephone."""

    def asks_to_be_rung_back(self) -> "AtTheDesk":
        self.rings().presses(A_CALL_BACK).hears("We'll ring you on").hangs_up()
        self.waits("1 call back")
        return self

    def waits(self, what: str) -> None:
        """It stands on the tab, whatever is open."""
        expect(self.page.locator("#tab-desk .badge")).to_have_text(what)

    @property
    def desk(self) -> Frame:
        """The staff pages in their frame."""
        self.opens("The desk")
        expect(self.page.frame_locator("#desk").locator("h1")).to_be_visible()
        [frame] = [one for one in self.page.frames if "/desk/" in one.url]
        return frame

    @property
    def own(self) -> Locator:
        """The caller's own telephone, rung by the helpline."""
        return self.page.get_by_role("article", name="Your telephone", exact=True)

    def is_put_through(self) -> None:
        """The adviser picks up and presses 1, and the caller answers."""
        self.does("Adviser", "Pick up")
        expect(self.telephone("Adviser")).to_contain_text("a caller to ring back")
        self.does("Adviser", "Press 1")
        expect(self.own).to_contain_text("07700 900123 rings, and shows 01632 960000")
        expect(self.page.locator("#standing")).to_contain_text("telephone rings")
        expect(self.page.locator("#captions")).to_have_text("It shows 01632 960000.")
        self.own.get_by_role("button", name="Answer").click()
        expect(self.page.locator("#standing")).to_have_text("Talking with Adviser")


def at_the_desk(page: Page, address: str, at: str = EVENING) -> AtTheDesk:
    return AtTheDesk(page, address, query=at).with_time()


@pytest.fixture
def phone(page: Page, address: str) -> AtTheDesk:
    return at_the_desk(page, address)


def test_ringing_back_is_seen_from_both_ends(phone: AtTheDesk) -> None:
    phone.asks_to_be_rung_back()
    desk = phone.desk
    desk.get_by_role("link", name="Ring back").click()
    desk.get_by_role("button", name="I will ring them").click()
    expect(desk.get_by_role("heading", name="They are yours")).to_be_visible()
    desk.get_by_role("button", name="Ring me, then them").click()
    phone.is_put_through()
    expect(desk.locator(".live")).to_contain_text("you are connected")
    phone.page.click("#call")
    expect(phone.own).to_have_count(0)
    phone.hears("Rings your telephone", "You answer", "You hang up")
    expect(desk.locator(".live")).to_contain_text("answered,")
    desk.get_by_role("button", name="They were reached: done").click()
    expect(phone.page.locator("#tab-desk .badge")).to_have_count(0)


def test_on_a_telephone_the_desk_is_a_tab_of_its_own(browser: Browser, address: str) -> None:
    with visitor(browser, "telephone") as page:
        phone = at_the_desk(page, address).asks_to_be_rung_back()
        phone.opens("The desk")
        expect(page.locator("#desk")).to_be_hidden()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Open it in a tab of its own").click()
        desk = opened.value
        name = page.locator("#desk-waiting").inner_text().split()[5].rstrip(":")
        expect(desk.locator("main")).to_contain_text(f"The desk of telephone {name}.")
        desk.get_by_role("link", name="Ring back").click()
        desk.get_by_role("button", name="Ring me, then them").click()
        expect(desk.locator("main")).to_contain_text("Your telephone rings in a moment")
        page.bring_to_front()
        phone.is_put_through()
        for one in (page, desk):
            assert one.evaluate("document.documentElement.scrollWidth") == 390


def test_a_guest_is_shown_no_desk(page: Page, address: str) -> None:
    page.route("**/desk/**", lambda route: route.fulfill(status=403))  # what another machine is answered
    page.add_init_script("sessionStorage.setItem('tab', 'desk')")
    at_the_desk(page, address)
    expect(page.get_by_role("tab", name="Phones and texts", selected=True)).to_be_visible()
    for gone in ("#tab-desk", "#panel-desk"):
        expect(page.locator(gone)).to_be_hidden()


def test_a_message_is_played_and_done(phone: AtTheDesk) -> None:
    phone.rings().presses(A_MESSAGE)
    phone.page.fill("#words", WORDS)
    phone.page.get_by_role("button", name="Say it, hang up").click()
    phone.waits("1 message")
    desk = phone.desk
    desk.get_by_role("link", name="Message").click()
    expect(desk.locator("main")).to_contain_text("What was typed at the telephone")
    expect(desk.locator("main")).to_contain_text(WORDS)
    assert desk.locator("audio").evaluate(SOUND) > 20, "it is silence"
    assert desk.locator("audio").evaluate("audio => audio.play().then(() => audio.duration)") > 1
    desk.get_by_role("button", name="Done", exact=True).click()
    expect(phone.page.locator("#tab-desk .badge")).to_have_count(0)


def test_a_text_is_answered_and_the_answer_comes(phone: AtTheDesk) -> None:
    phone.opens("Phones and texts").page.fill("#body", "Is there a bus?")
    phone.page.get_by_role("button", name="Send", exact=True).click()
    phone.waits("1 text")
    desk = phone.desk
    desk.get_by_role("link", name="Text").click()
    expect(desk.locator("main")).to_contain_text("Is there a bus?")
    desk.get_by_label("Answer").fill("There is, at nine.")
    desk.get_by_role("button", name="Send the answer").click()
    phone.opens("Phones and texts").gets("There is, at nine.", "delivered")


def test_the_caller_declines_and_the_desk_says_so(phone: AtTheDesk) -> None:
    desk = phone.asks_to_be_rung_back().desk
    desk.get_by_role("link", name="Ring back").click()
    desk.get_by_role("button", name="Ring me, then them").click()
    phone.does("Adviser", "Pick up").does("Adviser", "Press 1")
    phone.own.get_by_role("button", name="Decline").click()
    expect(phone.own).to_have_count(0)
    expect(desk.locator(".live")).to_contain_text("busy")


def test_the_desk_brings_itself_up_to_date(phone: AtTheDesk) -> None:
    desk = phone.desk
    expect(desk.locator("main")).to_contain_text("Waiting for us: 0")
    phone.rings().presses(A_CALL_BACK)
    expect(desk.locator("main")).to_contain_text("Waiting for us: 1")
    phone.hangs_up().moves_the_clock("Next Sunday")
    expect(desk.locator("main")).to_contain_text("We open again on Mon 30 November")


def test_the_adviser_can_be_the_manager(phone: AtTheDesk) -> None:
    desk = phone.desk
    expect(desk.get_by_role("link", name="Unsent texts")).to_have_count(0)
    desk.get_by_role("link", name="Be Max Manager").click()
    desk.get_by_role("link", name="Unsent texts").click()
    expect(desk.get_by_role("heading", name="Unsent texts")).to_be_visible()
    desk.get_by_role("link", name="Be Ann Adviser").click()
    expect(desk.get_by_role("link", name="Unsent texts")).to_have_count(0)


def test_a_new_trial_has_a_desk_of_its_own(phone: AtTheDesk) -> None:
    before = phone.asks_to_be_rung_back().desk.url
    phone.moves_the_clock("Begin a new trial")
    expect(phone.page.locator("#tab-desk .badge")).to_have_count(0)
    until(phone.page, f"document.getElementById('desk').contentWindow.location.href !== '{before}'")
    expect(phone.page.frame_locator("#desk").locator("main")).to_contain_text("Nobody is waiting.")


def test_without_a_mouse(phone: AtTheDesk) -> None:
    keyboard = phone.page.keyboard
    phone.asks_to_be_rung_back()
    phone.page.locator("#tab-people").focus()
    keyboard.press("ArrowRight")
    expect(phone.page.locator("#tab-desk")).to_be_focused()
    desk = phone.desk
    for name in ("Ring back", "Ring me, then them"):
        tabs_to(phone.page, lambda name=name: is_focused(desk, name))  # type: ignore[misc]
        keyboard.press("Enter")
        desk.wait_for_selector("h1")
        expect(desk.get_by_role("heading", name="Before you ring")).to_be_visible()
    expect(phone.telephone("Adviser")).to_contain_text("It rings")
    phone.page.locator("#tab-desk").focus()
    for name in ("Pick up", "Press 1", "Answer"):
        expect(phone.page.get_by_role("button", name=name, exact=True).last).to_be_visible()
        tabs_to(phone.page, lambda name=name: is_focused(phone.page.main_frame, name))  # type: ignore[misc]
        keyboard.press("Enter")
    expect(phone.page.locator("#standing")).to_have_text("Talking with Adviser")
    expect(phone.page.get_by_role("button", name="Hang up").and_(phone.page.locator(":focus"))).to_be_visible()


def tabs_to(page: Page, is_there: Callable[[], bool]) -> None:
    """Press Tab until it is there."""
    for _ in range(150):
        if is_there():
            return
        page.keyboard.press("Tab")
    pytest.fail("no number of tabs leads there")


def is_focused(frame: Frame, name: str) -> bool:
    """Return whether something of that name has the focus in a frame."""
    focused: str = frame.evaluate("document.hasFocus() ? document.activeElement.textContent.trim() : ''")
    return focused.startswith(name)


@pytest.mark.parametrize("screen", ["telephone", "tablet", "laptop", "laptop at 400 %"])
def test_everybody_can_use_the_desk_and_a_telephone_that_is_rung(browser: Browser, address: str, screen: str) -> None:
    with visitor(browser, screen, reduced_motion="reduce") as page:
        phone = at_the_desk(page, address).asks_to_be_rung_back()
        phone.opens("The desk")
        audits(page, "with somebody waiting")
        link = page.locator("#desk-link").get_attribute("href")
        desk = page.context.new_page()
        desk.goto(f"{address}/{link}")
        for open_next in ("Ring back", "Ring me, then them"):
            assert violations(desk) == [], desk.url
            desk.get_by_text(open_next, exact=True).first.click()
        expect(phone.telephone("Adviser")).to_contain_text("It rings")
        phone.does("Adviser", "Pick up").does("Adviser", "Press 1")
        expect(phone.own).to_contain_text("rings")
        audits(page, "while the caller's telephone rings")
        assert page.evaluate("document.documentElement.scrollWidth") == SCREENS[screen][0]
        phone.own.get_by_role("button", name="Answer").click()
        expect(page.locator("#standing")).to_have_text("Talking with Adviser")
        audits(page, "while they talk")
