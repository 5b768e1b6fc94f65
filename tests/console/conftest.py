"""Fixtures: the staff pages, on both databases."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.console.browsing import visitor
from tests.console.staff_pages import StaffPages, staff_pages
from tests.simulator.browsing import chromium
from tests.store.conftest import empty_url, store, url

__all__ = ["empty_url", "store", "url"]


@pytest.fixture
async def pages(url: str) -> AsyncIterator[StaffPages]:
    """The pages, with somebody of each role signed in."""
    async with staff_pages(url) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a file."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of somebody who begins, on a laptop."""
    with visitor(browser) as page:
        yield page
