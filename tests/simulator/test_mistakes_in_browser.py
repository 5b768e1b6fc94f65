"""Files that are changed while somebody is at the page, who does nothing there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.simulator.browsing import AtThePhone, audits, until

TOO_LONG = "To get on with it, you can, if you want to, and if there is nothing else that you would like to do before, "


class File:
    """A file of the helpline, changed on disk."""

    def __init__(self, path: Path) -> None:
        self._path, self._text = path, path.read_text("utf-8")

    def change(self, old: str, new: str) -> None:
        """Write it as it was, but for the first place where something stands."""
        assert old in self._text
        self._path.write_text(self._text.replace(old, new, 1), "utf-8")

    def restore(self) -> None:
        """Write it as it was."""
        self._path.write_text(self._text, "utf-8")


@pytest.fixture
def flow(folder: Path) -> Iterator[File]:
    file = File(folder / "flows/welcome.yaml")
    yield file
    file.restore()


@pytest.fixture
def prompts(folder: Path) -> Iterator[File]:
    file = File(folder / "prompts/en-GB/welcome.yaml")
    yield file
    file.restore()


def test_a_mistake_appears_by_itself_and_goes_when_it_is_mended(phone: AtThePhone, flow: File) -> None:
    complaints = phone.page.locator("#complaints")
    phone.rings().hears("Hello, this is Devon's")
    flow.change("go: main", "go: nowhere")
    expect(complaints).to_contain_text("flows/welcome.yaml:3 “go” of welcome/hello leads to welcome/nowhere")
    audits(phone.page, "with a mistake in a file")
    phone.presses("1").hears("What did the council decide")
    flow.restore()
    expect(complaints).to_be_hidden()


def test_what_cannot_be_read_comes_before_what_follows_from_it(phone: AtThePhone, flow: File, prompts: File) -> None:
    prompts.change("lost: Sorry", "lots: Sorry")
    flow.change("  kind: menu", "  kind menu")
    first = phone.page.locator("#complaints li").first
    expect(first).to_contain_text("flows/welcome.yaml:7")
    flow.restore()
    expect(first).to_contain_text("prompts/en-GB/welcome.yaml:22 nobody says this sentence")


def test_new_words_come_into_use_by_themselves_and_nothing_that_is_read_is_drawn_anew(
    phone: AtThePhone, prompts: File
) -> None:
    phone.rings().hears("Hello, this is Devon's")
    line = phone.page.locator("#transcript .said").first.element_handle()
    assert line
    prompts.change("For a letter from the council, press {key}.", "For the council's letter, press {key}.")
    expect(phone.page.locator("#in-use")).to_contain_text("The words of prompts/en-GB/welcome.yaml are in use now.")
    audits(phone.page, "with new words in use")
    assert line.evaluate("line => line.isConnected")
    phone.presses("*").hears("For the council's letter, press 1")


def test_a_sentence_that_is_too_long_is_told_with_its_seconds_and_used_all_the_same(
    phone: AtThePhone, prompts: File
) -> None:
    prompts.change("Sorry, we lost our place", f"{TOO_LONG * 3}sorry, we lost our place")
    complaints = phone.page.locator("#complaints")
    expect(phone.page.locator("#in-use")).to_contain_text("are in use now")
    expect(complaints).to_contain_text("prompts/en-GB/welcome.yaml:22")
    until(phone.page, r"/\d+(\.\d+)? s\b|seconds/.test(document.getElementById('complaints').textContent)")
    audits(phone.page, "with a warning")
    prompts.restore()
    expect(complaints).to_be_hidden()
