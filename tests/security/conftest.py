"""An application on a database of its own, to be attacked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.conftest import sqlite_url
from tests.web.running_app import RunningApp, running_app


@pytest.fixture
def url(tmp_path: Path) -> str:
    """What depends on the kind of database is tested in tests/store."""
    return sqlite_url(tmp_path)


@pytest.fixture
async def here(url: str) -> AsyncIterator[RunningApp]:
    async with running_app(url) as made:
        yield made
