"""An application on a database of its own, for whoever means us no good."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.conftest import sqlite_url
from tests.web.edge import Edge, edge


@pytest.fixture
def url(tmp_path: Path) -> str:
    """What depends on the sort of database is tested in tests/store."""
    return sqlite_url(tmp_path)


@pytest.fixture
async def here(url: str) -> AsyncIterator[Edge]:
    async with edge(url) as made:
        yield made
