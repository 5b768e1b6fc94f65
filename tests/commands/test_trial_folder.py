"""What a killed trial left is deleted; what belongs to one that goes on is not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.commands.trial_folder import LOCK, PREFIX, TrialFolder, remove_abandoned

HOLDS = "from ivr.commands.trial_folder import TrialFolder; one = TrialFolder(); print(one.path, flush=True); input()"


@pytest.fixture
def folder() -> Iterator[TrialFolder]:
    made = TrialFolder()
    yield made
    made.close()


def test_what_a_killed_process_left_is_deleted(tmp_path: Path) -> None:
    command, own = [sys.executable, "-c", HOLDS], {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=own) as process:
        assert process.stdout
        left = Path(process.stdout.readline().strip())
        remove_abandoned(tmp_path)
        assert left.is_dir()
        process.kill()
    remove_abandoned(tmp_path)
    assert not left.exists()


def test_one_that_goes_on_is_kept(folder: TrialFolder) -> None:
    remove_abandoned(folder.path.parent)
    assert folder.path.is_dir()


def test_it_is_deleted_at_the_end() -> None:
    folder = TrialFolder()
    folder.close()
    assert not folder.path.exists()


@pytest.mark.parametrize("name", [PREFIX + "begun", "another"])
def test_what_is_not_known_to_be_abandoned_is_kept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    if not name.startswith(PREFIX):
        (tmp_path / name / LOCK).touch()
    remove_abandoned(tmp_path)
    assert (tmp_path / name).is_dir()
    shutil.rmtree(tmp_path / name)
