"""Fixtures: a phone that calls an app made of TwiML documents, and the telephone in a real browser."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ivr.simulator.phone import Phone
from tests.simulator.browsing import AtThePhone, chromium, content_in, serving, visitor
from tests.simulator.twiml_app import TOKEN, Answer, MakePhone, TwimlApp


@pytest.fixture
def make_phone() -> MakePhone:
    """Return a function that makes a phone and the app it calls."""

    def make(voice: Answer, *, callees: Mapping[str, str] | None = None, **answers: Answer) -> tuple[Phone, TwimlApp]:
        documents = TwimlApp({"voice": voice} | answers)
        return Phone(documents.app, token=TOKEN, callees=callees), documents

    return make


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a file."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The helpline's own files, which the tests of a file may change."""
    return content_in(tmp_path_factory.mktemp("helpline"))


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The address of the telephone of those files."""
    with serving(folder) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of somebody new."""
    with visitor(browser) as page:
        yield page


@pytest.fixture
def phone(page: Page, address: str) -> AtThePhone:
    """Somebody new at the telephone."""
    return AtThePhone(page, address)
