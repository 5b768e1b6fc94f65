"""The telephone in the browser, in a real browser: what a manager, an editor and a developer try there."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.simulator.browsing import ONE_THAT_FAILS, AtThePhone, audits, until

TO_THE_DEADLINE = ("1", "1", "14102026", "1", "2")
DEADLINE = "Then you can appeal until Monday the fourteenth of December, twenty twenty-six"
A_VOICE = """
    const voice = {lang: "en-GB", localService: true, name: "somebody"};
    globalThis.said = [];
    globalThis.silenced = 0;
    const own = {getVoices: () => [voice], speak: (one) => said.push(one.text), cancel: () => silenced++,
                 pause() {}, resume() {}, addEventListener: () => {}};
    Object.defineProperty(globalThis, "speechSynthesis", {value: own});
    globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
"""A browser that has a voice, which this one has not."""


def test_from_the_greeting_to_the_last_day_to_appeal(phone: AtThePhone) -> None:
    phone.rings().hears("Hello, this is Devon's special needs helpline")
    for keys in TO_THE_DEADLINE:
        phone.presses(keys)
    phone.hears(DEADLINE)
    expect(phone.opens("The way").page.locator("#path [aria-current]")).to_have_text("pressed 2, Deadline: work out")


def test_an_adviser_hears_who_is_calling_and_takes_the_call(phone: AtThePhone) -> None:
    phone.rings().presses("110").hears("We are ringing our advisers now")
    phone.does("Adviser", "Pick up")
    expect(phone.telephone("Adviser")).to_contain_text("This is Devon's special needs helpline")
    phone.does("Adviser", "Press 1")
    expect(phone.page.locator("#standing")).to_have_text("Talking with Adviser")
    phone.does("Adviser", "Hang up").hears("Would you like a text")


def test_an_adviser_who_declines_leaves_the_caller_to_the_next(phone: AtThePhone) -> None:
    phone.rings().presses("0").does("Adviser", "Pick up").does("Adviser", "Hang up")
    phone.does("Adviser 2", "Mailbox").hears("We are still ringing for you")
    expect(phone.telephone("Adviser 2")).to_have_count(0)


def test_the_mediation_service_is_rung_and_picks_up(phone: AtThePhone) -> None:
    phone.rings()
    for keys in (*TO_THE_DEADLINE, "1", "1", "1", "1"):
        phone.presses(keys)
    phone.hears("0 8 0 0, 0 6 4").presses("2")
    expect(phone.page.locator("#standing")).to_have_text("Ringing Global Mediation")
    phone.does("Global Mediation", "Pick up")
    expect(phone.page.locator("#standing")).to_have_text("Talking with Global Mediation")
    phone.does("Global Mediation", "Hang up").hears("Is there anything else")


def test_a_text_comes_two_weeks_later_its_reminder_and_stop_ends_them(phone: AtThePhone) -> None:
    phone.rings()
    for keys in (*TO_THE_DEADLINE, "1", "1", "4", "1", "1", "1"):
        phone.presses(keys)
    phone.hears("We will remind you by text").hangs_up().gets(
        "Here is the information you asked us for", "Here is part 2 of what you asked us for", "delivered"
    )
    phone.moves_the_clock("Two weeks on").gets("As you asked, a date to keep", "Mon 30 Nov, 10:00")
    expect(phone.page.locator("#today")).to_contain_text("7 December 2026")
    phone.page.get_by_role("button", name="Send STOP").click()
    phone.gets("You have successfully been unsubscribed").moves_the_clock("Two weeks on")
    expect(phone.page.locator("#today")).to_contain_text("21 December 2026")
    expect(phone.page.locator("#texts").get_by_text("a date to keep")).to_have_count(1)


def test_a_call_without_a_mouse(phone: AtThePhone) -> None:
    keyboard = phone.page.keyboard
    phone.page.locator("#call").focus()
    keyboard.press("Enter")
    phone.hears("Hello, this is Devon's")
    for key in "".join(TO_THE_DEADLINE):
        keyboard.press(key)
    phone.hears(DEADLINE)
    keyboard.press("*")
    keyboard.press("0")
    expect(phone.telephone("Adviser")).to_contain_text("It rings")
    while phone.page.evaluate("document.activeElement.textContent") != "Pick up":
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(phone.telephone("Adviser").get_by_role("button", name="Press 1")).to_be_focused()
    keyboard.press("Enter")
    expect(phone.page.locator("#standing")).to_have_text("Talking with Adviser")


def test_a_key_stops_the_sound(page: Page, address: str) -> None:
    phone = AtThePhone(page, address, pace="1").rings()
    until(page, "document.querySelector('audio')?.currentTime > 0.2")
    sound = page.evaluate_handle("document.querySelector('audio')")
    assert sound.evaluate("sound => !sound.paused && sound.duration > 5")
    page.keyboard.press("5")
    assert sound.evaluate("sound => sound.paused")
    phone.hears("cut short", "For health")


def test_hanging_up_stops_the_sound(page: Page, address: str) -> None:
    phone = AtThePhone(page, address, pace="1").rings()
    until(page, "document.querySelector('audio')?.currentTime > 0.1")
    sound = page.evaluate_handle("document.querySelector('audio')")
    phone.hangs_up()
    assert sound.evaluate("sound => sound.paused")


def test_a_browser_that_has_a_voice_speaks_with_it(page: Page, address: str) -> None:
    page.add_init_script(A_VOICE)
    AtThePhone(page, address, pace="1", sound="browser").rings()
    until(page, "said.length == 1 && said[0].startsWith('Hello, this is Devon')")
    before = page.evaluate("silenced")
    page.keyboard.press("3")
    assert page.evaluate("silenced") == before + 1
    assert page.locator("audio").count() == 0


def test_silence_times_out_and_the_question_is_put_again(phone: AtThePhone) -> None:
    phone.rings().hears("You stay silent", "We did not hear a key")


def test_a_message_is_left_in_words(phone: AtThePhone) -> None:
    phone.rings().presses("02").hears("You can leave us a message").presses("1")
    phone.page.fill("#words", "Please ring me about the plan.")
    phone.page.get_by_role("button", name="Say it, press #").click()
    phone.hears("Please ring me about the plan.")


def test_on_christmas_eve_nobody_is_there(phone: AtThePhone) -> None:
    phone.moves_the_clock("Christmas Eve")
    expect(phone.page.locator("#today")).to_have_text("Thursday 24 December 2026, 18:00")
    phone.rings().presses("0").hears("Our advisers are back on Tuesday at nine")


def test_a_withheld_number_is_asked_for_one(phone: AtThePhone) -> None:
    phone.page.check("[value=withheld]", force=True)
    phone.rings()
    for keys in (*TO_THE_DEADLINE, "1", "1", "4", "1"):
        phone.presses(keys)
    phone.hears("To key in a mobile number, press 1")


def test_a_call_that_is_kept_goes_as_it_is_written(phone: AtThePhone, folder: Path) -> None:
    phone.rings().presses("110").does("Adviser", "Pick up").does("Adviser", "Press 1")
    phone.does("Adviser", "Hang up").hears("Would you like a text").presses("2").hears("Goodbye")
    phone.opens("Scripts")
    phone.page.fill("#file", "kept")
    phone.page.get_by_role("button", name="Write it down").click()
    expect(phone.page.locator("#saved")).to_contain_text("Kept as tests/calls/kept.yaml")
    assert "answers: talks" in (folder / "tests/calls/kept.yaml").read_text("utf-8")


def test_everybody_can_use_the_page(browser: Browser, address: str, folder: Path) -> None:
    (folder / "tests/calls/fails.yaml").write_text(ONE_THAT_FAILS, "utf-8")
    with browser.new_context(reduced_motion="reduce") as context:
        phone = AtThePhone(context.new_page(), address)
        audits(phone.page, "before a call")
        phone.rings().presses("0")
        expect(phone.telephone("Adviser")).to_contain_text("It rings")
        audits(phone.page, "while an adviser's telephone rings")
        phone.hangs_up().page.get_by_role("button", name="Send STOP").click()
        phone.gets("unsubscribed")
        audits(phone.page, "with texts")
        phone.page.get_by_role("button", name="Set the clock").click()
        audits(phone.page, "with the clock to be set")
        phone.page.keyboard.press("Escape")
        for tab in phone.page.get_by_role("tab").all():
            tab.click()
            audits(phone.page, tab.inner_text())
        AtThePhone(phone.page, address, query="?script=fails.yaml")
        audits(phone.page, "with a script that failed")


def test_a_narrow_screen_is_not_scrolled_sideways(browser: Browser, address: str) -> None:
    """320 is a small phone, and 1280 at four times; 640 is 1280 at twice."""
    with browser.new_context(viewport={"width": 320, "height": 700}) as context:
        phone = AtThePhone(context.new_page(), address).rings().presses("0")
        expect(phone.telephone("Adviser")).to_contain_text("It rings")
        assert phone.page.evaluate("document.documentElement.scrollWidth") == 320
        phone.page.set_viewport_size({"width": 640, "height": 700})
        assert phone.page.evaluate("document.documentElement.scrollWidth") == 640
