"""The browser that the tests drive is found, or the command that brings one is named."""

from pathlib import Path

import pytest

from tests import browser

KNOWN = browser.NAMES


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only browsers are those that a test puts into this folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "NAMES", ("chromium",))
    monkeypatch.setattr(browser, "DOWNLOADS", tmp_path)
    return tmp_path


def put(path: Path, script: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_without_a_browser_the_command_that_brings_one_is_named() -> None:
    with pytest.raises(SystemExit, match="make browser"):
        browser.main()


@pytest.mark.parametrize(
    "place",
    [
        "chromium_headless_shell-1234/chrome-headless-shell-linux64/chrome-headless-shell",
        "chromium_headless_shell-1234/chrome-headless-shell-mac-arm64/chrome-headless-shell",
        "chromium_headless_shell-1234/chrome-headless-shell-win64/chrome-headless-shell.exe",
    ],
)
def test_one_that_was_downloaded_is_found(place: str, elsewhere: Path) -> None:
    path = put(elsewhere / place, "")
    assert browser.executable() == path


def test_the_systems_own_comes_first(elsewhere: Path) -> None:
    put(elsewhere / "chromium_headless_shell-1234/chrome-headless-shell-linux64/chrome-headless-shell", "")
    path = put(elsewhere / "chromium", "")
    assert browser.executable() == path


def test_the_shell_comes_before_the_whole_browser(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "NAMES", KNOWN)
    put(elsewhere / "chromium", "")
    path = put(elsewhere / "chromium-headless-shell", "")
    assert browser.executable() == path


def test_one_that_does_not_start_says_why(elsewhere: Path) -> None:
    put(elsewhere / "chromium", "echo libnss3.so is missing >&2; exit 127")
    with pytest.raises(SystemExit, match=r"libnss3\.so is missing\n.*make browser"):
        browser.main()


def test_one_that_shows_nothing_says_so(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "PATIENCE", 0.1)
    put(elsewhere / "chromium", "while :; do :; done")
    with pytest.raises(SystemExit, match="shows nothing within"):
        browser.main()


def test_one_that_starts_is_no_reason_to_stop(elsewhere: Path) -> None:
    put(elsewhere / "chromium", "echo '<html><head></head><body></body></html>'")
    browser.main()
