"""A database for test calls."""

from pathlib import Path

import pytest

from tests.store.conftest import sqlite_url


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The URL of a migrated database without rows."""
    return sqlite_url(tmp_path)
