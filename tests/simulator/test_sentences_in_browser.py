"""A sentence is clicked, changed and heard, in a real browser and in real files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ivr.simulator.browser.say_again import NOT_NOW
from tests.lint.helplines import copied
from tests.simulator.browsing import AtThePhone, audits, serving

HELLO = "Hello, this is the town's helpline. For a person, press 0."
WELCOME = "Welcome to the town's helpline. For a person, press 0."
UNKNOWN = "nothing fills {kay} here; this sentence has {key}"
WIDTHS = (320, 390, 820, 1366, 1440)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A small helpline, served; its files are put back after each test."""
    folder = copied(tmp_path_factory.mktemp("town"))
    with serving(folder) as address:
        yield folder, address


@pytest.fixture
def folder(town: tuple[Path, str]) -> Iterator[Path]:
    folder, _ = town
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    yield folder
    for path, data in before.items():
        if path.read_bytes() != data:
            path.write_bytes(data)


@pytest.fixture
def phone(page: Page, town: tuple[Path, str], folder: Path) -> AtThePhone:
    return AtThePhone(page, town[1])


def opens(phone: AtThePhone, said: str, place: str) -> Locator:
    """Open the editor of the prompt that stands at a place, under a line."""
    line = phone.page.locator("#transcript > .said", has_text=said).last
    line.locator(f'.sources button[aria-label$="{place}"]').click()
    editor = phone.page.locator("form.sentence")
    expect(editor.locator("textarea")).to_be_focused()
    return editor


def changes(editor: Locator, words: str, found: str = "Nothing is against it") -> None:
    """Type other words, and read what the linter says of them."""
    editor.locator("textarea").fill(words)
    expect(editor.locator(".findings")).to_contain_text(found)


def saves(editor: Locator, told: str) -> None:
    editor.locator("button[type=submit]").click()
    expect(editor.locator(".told")).to_contain_text(told)


def said(phone: AtThePhone) -> list[str]:
    return phone.page.locator("#transcript > .said > p").all_inner_texts()


def test_the_greeting_is_changed_and_the_same_call_says_it_again(phone: AtThePhone, folder: Path) -> None:
    phone.rings().hears("For a text, press 4")
    editor = opens(phone, HELLO, "prompts/en-GB/front.yaml:1")
    expect(editor.locator("textarea")).to_have_value(HELLO)
    changes(editor, WELCOME)
    saves(editor, "Written to prompts/en-GB/front.yaml:1. The call says it again.")
    phone.hears("The words were changed, and are said again", WELCOME)
    assert [words for words in said(phone) if "press 0" in words] == [HELLO, WELCOME]
    text = (folder / "prompts/en-GB/front.yaml").read_text("utf-8")
    assert text.startswith(f"hello: {WELCOME}\n\nmain:\n  prompt: Star repeats.")
    phone.presses("2").hears("Ask for a meeting")


def test_a_line_of_several_prompts_names_each_and_a_click_on_its_words_opens_that_one(phone: AtThePhone) -> None:
    phone.rings().hears("For a text, press 4")
    line = phone.page.locator("#transcript > .said", has_text="For a text, press 4")
    expect(line.locator(".sources button")).to_have_text(["prompts/en-GB/front.yaml:4", ":5", ":6", ":7", ":8"])
    words = line.locator("p")
    box = words.evaluate(
        """(words) => {
          const range = document.createRange(), at = words.firstChild.data.indexOf("school");
          range.setStart(words.firstChild, at); range.setEnd(words.firstChild, at + 6);
          const {x, y, width, height} = range.getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        }"""
    )
    phone.page.mouse.click(*box)
    expect(phone.page.locator("form.sentence textarea")).to_have_value("For a school, press {key}.")


def test_a_blank_is_named_marked_and_put_in_by_a_press(phone: AtThePhone, folder: Path) -> None:
    phone.rings().hears("For a text, press 4")
    editor = opens(phone, "For a text, press 4", "front.yaml:6")
    expect(editor.locator(".blanks")).to_contain_text("{key} now “2”")
    changes(editor, "For a nursery, press ", "{key} is left out, so the caller would not hear it")
    editor.get_by_role("button", name="{key}").click()
    editor.locator("textarea").press_sequentially(".")
    expect(editor.locator(".preview")).to_have_text("Then it says: For a nursery, press 2.")
    expect(editor.locator("mark")).to_have_text("2")
    expect(editor.locator(".findings")).to_contain_text("Nothing is against it")
    saves(editor, "Written to prompts/en-GB/front.yaml:6")
    phone.hears("For a nursery, press 2.")
    assert said(phone)[-1].startswith("For a nursery, press 2. For the number of the Owl, press 3.")
    assert "\n  school: For a nursery, press {key}.\n" in (folder / "prompts/en-GB/front.yaml").read_text("utf-8")


def test_a_folded_sentence_stays_folded(phone: AtThePhone, folder: Path) -> None:
    phone.rings().hears("For a school, press 2").presses("2").hears("Ask for a meeting")
    before = (folder / "prompts/en-GB/school.yaml").read_text("utf-8")
    editor = opens(phone, "Ask for a meeting", "school.yaml:4")
    words = editor.locator("textarea").input_value()
    assert "\n" not in words
    changes(editor, words.replace("Take a friend", "Bring a friend"))
    saves(editor, "Written to")
    phone.hears("Bring a friend with you")
    after = (folder / "prompts/en-GB/school.yaml").read_text("utf-8")
    assert after == before.replace("Take a friend", "Bring a friend")


def test_the_words_of_a_text_are_changed_for_the_next_one(phone: AtThePhone, folder: Path) -> None:
    phone.rings().hears("For a text, press 4").presses("4").hears("Is it safe to text you there").presses("1")
    phone.hears("We will text you").opens("Phones and texts").gets("As you asked, the facts from your call.")
    text = phone.page.locator("#texts > .helpline").last
    text.locator('.sources button[aria-label$="prompts/en-GB/texts.yaml:5"]').click()
    editor = text.locator("form.sentence")
    expect(editor.locator("textarea")).to_be_focused()
    words = editor.locator("textarea").input_value()
    assert words.splitlines()[1] == "The Owl, {owl}. Town helpline, {helpline}. No reply needed."
    changes(editor, words.replace("the facts", "what we said"))
    saves(editor, "Written to prompts/en-GB/texts.yaml:5. The next text has these words.")
    written = (folder / "prompts/en-GB/texts.yaml").read_text("utf-8")
    assert "As you asked, what we said from your call. Ask us, or see owl.example.\n\n    The Owl, {owl}." in written


def test_a_mistake_is_refused_with_what_mends_it_and_what_was_typed_stays(phone: AtThePhone, folder: Path) -> None:
    phone.rings().hears("For a text, press 4")
    before = (folder / "prompts/en-GB/front.yaml").read_bytes()
    editor = opens(phone, "For a text, press 4", "front.yaml:6")
    changes(editor, "For a school, press {kay}.", f"Must be mended: {UNKNOWN}")
    expect(editor.locator("mark.unknown")).to_have_text("{kay}?")
    saves(editor, "The change is not written: mend first")
    assert (folder / "prompts/en-GB/front.yaml").read_bytes() == before
    editor.locator("textarea").press("Escape")
    expect(phone.page.locator("form.sentence")).to_have_count(0)
    editor = opens(phone, "For a text, press 4", "front.yaml:6")
    expect(editor.locator("textarea")).to_have_value("For a school, press {kay}.")
    expect(editor.locator(".findings")).to_contain_text(UNKNOWN)


def test_the_change_of_somebody_else_is_shown_and_one_of_the_two_is_chosen(phone: AtThePhone, folder: Path) -> None:
    phone.rings().hears("For a text, press 4")
    editor = opens(phone, HELLO, "front.yaml:1")
    changes(editor, WELCOME)
    file = folder / "prompts/en-GB/front.yaml"
    file.write_text(file.read_text("utf-8").replace("Hello, this is", "Good day, this is"), "utf-8")
    saves(editor, "There it says now: “Good day, this is the town's helpline. For a person, press 0.”")
    expect(editor.locator("textarea")).to_have_value(WELCOME)
    assert "Good day" in file.read_text("utf-8")
    editor.get_by_role("button", name="Take those words").click()
    expect(editor.locator("textarea")).to_have_value(re.compile("^Good day"))
    changes(editor, WELCOME)
    saves(editor, "Written to")
    phone.hears(WELCOME)


def test_undo_takes_the_last_change_back_and_the_call_says_the_old_words(phone: AtThePhone, folder: Path) -> None:
    phone.rings().hears("For a text, press 4")
    before = (folder / "prompts/en-GB/front.yaml").read_bytes()
    editor = opens(phone, HELLO, "front.yaml:1")
    changes(editor, WELCOME)
    saves(editor, "Written to")
    phone.hears(WELCOME)
    editor.get_by_role("button", name="Undo").click()
    expect(editor.locator(".told")).to_contain_text("Taken back in prompts/en-GB/front.yaml:1. The call says it again.")
    assert (folder / "prompts/en-GB/front.yaml").read_bytes() == before
    expect(phone.page.locator("#transcript > .said > p", has_text=HELLO)).to_have_count(2)


def test_time_stands_still_while_words_are_changed(page: Page, town: tuple[Path, str], folder: Path) -> None:
    phone = AtThePhone(page, town[1], pace="4", sound="none").rings().hears(HELLO)
    editor = opens(phone, HELLO, "front.yaml:1")
    shown = page.locator("#timer").inner_text()
    changes(editor, WELCOME)
    expect(page.locator("#timer")).to_have_text(shown)
    editor.get_by_role("button", name="Close").click()
    phone.hears("For a letter from the council")


def test_with_the_keyboard_alone(phone: AtThePhone, folder: Path) -> None:
    phone.rings().hears("For a text, press 4")
    page = phone.page
    source = page.locator("#transcript .sources button").first
    source.focus()
    page.keyboard.press("Enter")
    expect(page.locator("form.sentence textarea")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(WELCOME)
    expect(page.locator("form.sentence .findings")).to_contain_text("Nothing is against it")
    page.keyboard.press("Control+Enter")
    expect(page.locator("form.sentence .told")).to_contain_text("Written to")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    phone.hears(WELCOME)
    page.keyboard.press("Escape")
    expect(page.locator("form.sentence")).to_have_count(0)
    expect(source).to_be_focused()
    assert WELCOME in (folder / "prompts/en-GB/front.yaml").read_text("utf-8")


def test_words_that_cannot_be_measured_have_no_measures_of_others(phone: AtThePhone) -> None:
    phone.rings().hears("For a text, press 4")
    editor = opens(phone, "For a text, press 4", "front.yaml:6")
    expect(editor.locator(".measures")).to_contain_text("Seconds until the last choice")
    changes(editor, "", "this sentence has no words")
    expect(editor.locator(".measures")).to_be_empty()


def test_every_state_of_the_editor_is_for_everybody_and_fits_at_every_width(phone: AtThePhone) -> None:
    phone.rings().hears("For a text, press 4")
    page = phone.page
    editor = opens(phone, "For a text, press 4", "front.yaml:6")
    expect(editor.locator(".measures")).to_contain_text("Seconds until the last choice")
    audits(page, "the editor is open")
    changes(editor, "For a school, press {kay}.", UNKNOWN)
    audits(page, "a mistake is told")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert editor.evaluate("(form) => form.scrollWidth <= form.clientWidth"), width
    page.emulate_media(forced_colors="active")
    assert editor.locator("mark").evaluate("(mark) => getComputedStyle(mark).borderTopStyle") == "solid"
    page.emulate_media(forced_colors="none")
    changes(editor, "For a nursery, press {key}.")
    saves(editor, "Written to")
    audits(page, "it is written")


def test_what_the_call_cannot_go_back_to_is_heard_the_next_time(phone: AtThePhone) -> None:
    phone.with_time().rings().hears("For a text, press 4").presses("0")
    phone.does("Adviser", "Pick up")
    expect(phone.page.locator("#standing")).to_have_text("Talking with Adviser")
    editor = opens(phone, HELLO, "front.yaml:1")
    changes(editor, WELCOME)
    saves(editor, "Written to prompts/en-GB/front.yaml:1.")
    expect(phone.page.locator(".message", has_text=NOT_NOW)).to_be_visible()


def test_a_page_that_is_not_ours_changes_nothing(browser: Browser, town: tuple[Path, str], folder: Path) -> None:
    _, address = town
    context = browser.new_context()
    place = ["prompts/en-GB/front.yaml", "hello"]
    refused = context.request.post(
        f"{address}/sentences/save",
        data={"place": place, "words": "x", "version": ""},
        headers={"Origin": "https://x.example"},
    )
    assert refused.status == 403
    as_text = context.request.post(f"{address}/sentences/open", data="{}", headers={"Content-Type": "text/plain"})
    assert (as_text.status, as_text.json()["error"]) == (400, "Only JSON is read here.")
    unknown = context.request.post(f"{address}/sentences/erase", data={"place": place})
    assert unknown.status == 404
    context.close()
