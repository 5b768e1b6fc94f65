"""Databases for the commands of staff."""

from pathlib import Path

import pytest

from tests.store.conftest import postgresql_url, sqlite_url
from tests.store.fixtures import NOW


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database with tables, which the settings name."""
    address = sqlite_url(tmp_path) if request.param == "sqlite" else postgresql_url()
    set_up(monkeypatch, tmp_path, address)
    return address


def set_up(monkeypatch: pytest.MonkeyPatch, folder: Path, url: str) -> None:
    monkeypatch.chdir(folder)  # where there is no .env
    monkeypatch.setenv("IVR_DEV", "1")
    monkeypatch.setenv("IVR_NOW", NOW.isoformat())
    monkeypatch.setenv("IVR_SECRET_KEY", "A" * 43)
    monkeypatch.setenv("DATABASE_URL", url)
