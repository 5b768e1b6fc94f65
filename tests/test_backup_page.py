"""docs/backup.md is true: what it has one type does what it says."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from tests.commands.conftest import set_up
from tests.store import postgres
from tests.store.conftest import migrate_apart, sqlite_url

PAGE = (Path(__file__).parents[1] / "docs/backup.md").read_text("utf-8")
TYPED = re.compile(r"^(?:ivr|.*&& ivr|ExecStart=\S+/ivr) ((?:backup|restore) .*?)(?: && .*)?$", re.MULTILINE)
FIND = re.compile(r"find /var/backups/ivr -name 'helpline-\*' -mtime \+30 -delete")
FOLDER = "/var/backups/ivr"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database with tables."""
    if request.param == "sqlite":
        address = sqlite_url(tmp_path)
    else:
        migrate_apart(address := postgres.start().new_database())
        monkeypatch.setenv("PATH", f"{postgres.start().server.bin_path}:{os.environ['PATH']}")
    set_up(monkeypatch, tmp_path, address)
    yield address


def test_every_command_of_the_page_does_what_it_says(url: str, tmp_path: Path) -> None:
    typed = TYPED.findall(PAGE)
    assert [words.partition(" ")[0] for words in typed] == ["backup", "backup", "backup", "restore", "restore"]
    folder = tmp_path / "backups"
    for words in dict.fromkeys(typed):
        here = words.replace(FOLDER, str(folder))
        here = here if url.startswith("sqlite") else here.replace(".db", ".dump")
        result = CliRunner().invoke(app, here.split(), input="y\n")
        assert result.exit_code == 0, f"{words}: {result.output}"
    [file] = folder.iterdir()
    assert file.stem in PAGE


def test_only_backups_that_are_old_enough_are_deleted(tmp_path: Path) -> None:
    [command] = set(FIND.findall(PAGE))
    for name, days in (("helpline-old.db", 32), ("helpline-new.dump", 29), ("other", 99)):
        (tmp_path / name).touch()
        moment = (tmp_path / name).stat().st_mtime - days * 86_400
        os.utime(tmp_path / name, (moment, moment))
    subprocess.run(["/bin/sh", "-c", command.replace(FOLDER, str(tmp_path))], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["helpline-new.dump", "other"]
