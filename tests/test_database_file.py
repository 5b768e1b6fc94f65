"""Without DATABASE_URL the database is one file, whatever folder one stands in, and is told where that is not so."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.commands import database_source
from ivr.commands.database_source import database_source as source_of
from ivr.config import read_settings
from ivr.database_file import default_file
from tests.store.conftest import migrated_file

HOME = Path("/home/sam")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two folders, in one of which we stand; nothing is set but that this is development."""
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("IVR_DEV", "1")
    database_source._say.cache_clear()


@pytest.fixture
def default() -> Path:
    """The file in the user's own folder for data."""
    return Path(os.environ["XDG_DATA_HOME"]) / "ivr" / "development.db"


def ivr(*words: str) -> Result:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result


def test_the_file_is_the_users_own_unless_another_folder_for_data_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(HOME))
    assert default_file({}, dev=False) == HOME / ".local/share/ivr/helpline.db"
    assert default_file({"XDG_DATA_HOME": ""}, dev=False) == HOME / ".local/share/ivr/helpline.db"
    assert default_file({"XDG_DATA_HOME": "/srv/data"}, dev=False) == Path("/srv/data/ivr/helpline.db")


def test_development_never_meets_the_database_of_real_callers() -> None:
    assert default_file(os.environ, dev=True) != default_file(os.environ, dev=False)


def test_a_user_without_a_home_has_it_in_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", nobody)
    assert default_file({}, dev=False) == Path("helpline.db")


def test_from_every_folder_it_is_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, default: Path) -> None:
    assert ivr("migrate").stderr == ""
    ivr("rota", "add", "Jo", "07700 900001")
    monkeypatch.chdir(tmp_path / "there")
    assert json.loads(ivr("rota", "--json").stdout)[0]["name"] == "Jo"
    assert (default.exists(), default.parent.stat().st_mode & 0o077) == (True, 0)
    assert [*tmp_path.glob("*/*")] == []


def test_a_file_of_earlier_releases_is_still_read_and_named_once(tmp_path: Path, default: Path) -> None:
    ivr("migrate")
    (tmp_path / "here/helpline.db").write_bytes(migrated_file())
    told = ivr("rota", "add", "Jo", "07700 900001").stderr
    old = tmp_path / "here/helpline.db"
    assert told == (
        f"database: {old} (in the current folder, as in earlier releases: "
        f"DATABASE_URL=sqlite:///{old} names it from any folder; {default} is not read)\n"
    )
    assert ivr("rota", "--json").stderr == ""


def test_a_database_of_the_setting_that_begins_at_the_current_folder_is_resolved_and_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///kept.db")
    told = ivr("migrate").stderr
    assert told == f"database: {tmp_path}/here/kept.db (DATABASE_URL begins at the current folder)\n"
    assert (ivr("rota").stderr, (tmp_path / "here/kept.db").exists()) == ("", True)


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("sqlite:////srv/kept.db", "database: /srv/kept.db (DATABASE_URL)"),
        ("postgresql://ivr:hunter2@localhost/ivr", "database: PostgreSQL (DATABASE_URL)"),
    ],
)
def test_the_log_names_the_database_without_its_password(
    url: str, source: str, monkeypatch: pytest.MonkeyPatch, default: Path
) -> None:
    assert source_of(read_settings()) == f"database: {default} (DATABASE_URL is not set)"
    monkeypatch.setenv("DATABASE_URL", url)
    assert source_of(read_settings()) == source


def test_a_folder_that_cannot_be_made_is_told_with_the_setting_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    result = CliRunner().invoke(app, ["rota"])
    assert result.exit_code == 1
    assert result.stderr == f"DATABASE_URL must be set: {tmp_path}/file/ivr cannot be made (File exists)\n"
