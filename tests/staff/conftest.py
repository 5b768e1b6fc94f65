"""Fixtures for both databases."""

from collections.abc import AsyncIterator

import pytest

from tests.store.conftest import empty_url, store, url
from tests.web.running_app import RunningApp, running_app

__all__ = ["empty_url", "store", "url"]


@pytest.fixture
async def here(url: str) -> AsyncIterator[RunningApp]:
    """The application on an empty database."""
    async with running_app(url) as made:
        yield made
