"""Fixtures: the staff pages, on both databases."""

from collections.abc import AsyncIterator

import pytest

from tests.console.staff_pages import StaffPages, staff_pages
from tests.store.conftest import empty_url, store, url

__all__ = ["empty_url", "store", "url"]


@pytest.fixture
async def pages(url: str) -> AsyncIterator[StaffPages]:
    """The pages, with somebody of each role signed in."""
    async with staff_pages(url) as made:
        yield made
