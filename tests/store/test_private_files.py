"""The files of the database, and those that commands write of callers, are their owner's alone, whatever the umask."""

import asyncio
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.store import private_files
from ivr.store.database import Store
from ivr.store.migrate import migrate
from ivr.store.private_files import BESIDE, FILE, FOLDER
from ivr.store.schema_version import create_tables
from tests.store.conftest import SECRETS
from tests.store.fixtures import enqueue_text


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct, autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever an operator has set."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: mode(path) for path in folder.iterdir()}


async def test_a_new_database_is_private_with_all_that_is_kept_beside_it(tmp_path: Path) -> None:
    private_files.create_folder(folder := tmp_path / "a" / "b")
    await migrated_by_a_thread(f"sqlite:///{folder}/kept.db")
    async with Store(f"sqlite:///{folder}/kept.db", SECRETS, 30) as store:
        await enqueue_text(store)
        assert modes(folder) == {"kept.db": FILE, "kept.db-wal": FILE, "kept.db-shm": FILE}
    assert (mode(folder), mode(folder.parent)) == (FOLDER, FOLDER)


def test_the_database_of_a_trial_is_private(tmp_path: Path) -> None:
    create_tables(f"sqlite:///{tmp_path}/trial.db")
    assert modes(tmp_path) == {"trial.db": FILE}


async def test_a_database_that_others_can_read_is_closed_to_them_and_that_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await migrated_by_a_thread(f"sqlite:///{tmp_path}/kept.db")
    async with Store(f"sqlite:///{tmp_path}/kept.db", SECRETS, 30) as store:
        await enqueue_text(store)
        for ending in BESIDE[:3]:
            (tmp_path / f"kept.db{ending}").chmod(0o664)
        async with Store(f"sqlite:///{tmp_path}/kept.db", SECRETS, 30) as other:
            await enqueue_text(other, "other")
        assert set(modes(tmp_path).values()) == {FILE}
    told = [one.message for one in caplog.records if one.levelno == logging.WARNING]
    closed = "file could be used by others, and is closed to them now"
    assert told == [f"{closed}: path={tmp_path}/kept.db{ending} mode=0664" for ending in BESIDE[:3]]


def test_a_file_of_somebody_else_is_told_of_with_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (file := tmp_path / "kept.db").touch()
    file.chmod(0o644)

    def refused(path: Path, mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refused)
    private_files.create_database(file)
    assert caplog.messages == [f"file can be used by others, let its owner run chmod 600: path={file} mode=0644"]


@pytest.mark.parametrize("before", [None, 0o666, 0o640])
def test_what_a_command_writes_of_a_caller_is_private_even_over_a_file_that_was_not(
    tmp_path: Path, before: int | None
) -> None:
    file = tmp_path / "message.wav"
    if before:
        file.touch()
        file.chmod(before)
    private_files.write(file, b"sound")
    assert (file.read_bytes(), mode(file)) == (b"sound", FILE)


def test_what_is_no_file_keeps_its_mode() -> None:
    before = mode(Path("/dev/null"))
    private_files.write(Path("/dev/null"), b"sound")
    assert mode(Path("/dev/null")) == before


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private_files.create_folder(tmp_path / "new")
    assert (mode(tmp_path), mode(tmp_path / "new")) == (0o755, FOLDER)


async def migrated_by_a_thread(url: str) -> None:

    await asyncio.to_thread(migrate, url)
