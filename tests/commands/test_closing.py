"""Commands close the databases that they open, and leave none to the garbage collector."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.conftest import sqlite_url

COMMANDS = ("migrate", "rota", "callbacks", "purge", "clock", "erase +447700900123 --yes", "call --keys 0,w60")


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_opens_it_closes(command: str, tmp_path: Path) -> None:
    development = {"IVR_DEV": "1", "IVR_PUBLIC_URL": "http://localhost", "DATABASE_URL": sqlite_url(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-m", "ivr", *command.split()],
        env=os.environ | development,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    assert "ResourceWarning" not in told.stderr
