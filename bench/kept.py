"""Whether each step that was answered is in the records when the process is told to stop at once after."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import closed_loop, helpline
from bench.helpline import MENU
from bench.machine import Cores
from bench.served import served


def answered_and_recorded(cores: Cores, number: int) -> tuple[int, int]:
    """Steps that were answered, and lines that are on disk after SIGTERM."""
    with TemporaryDirectory() as folder:
        settings = helpline.settings(Path(folder))
        with served(helpline.command, cores.server, MENU.requests(1)[0], settings) as there:
            done = closed_loop.run(there.port, MENU.requests(number))
        with sqlite3.connect(Path(folder) / "helpline.db") as db:
            (lines,) = db.execute("select count(*) from lines").fetchone()
        return done.requests + 1 - done.errors, lines
