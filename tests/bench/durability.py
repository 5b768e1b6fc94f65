"""Whether every answered step is in the call records when SIGTERM follows the last response."""

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.helpline import MENU_KEY, running_helpline
from tests.bench.load_generator import closed_loop
from tests.bench.machine import Cores


def answered_and_recorded(cores: Cores, number: int) -> tuple[int, int]:
    """Return the number of answered steps and of those in the database after the exit."""
    with TemporaryDirectory() as folder:
        with running_helpline(Path(folder), cores) as server:
            done = closed_loop(server.port, MENU_KEY.requests(number))
        with closing(sqlite3.connect(Path(folder) / "helpline.db")) as db:
            (recorded,) = db.execute("select count(*) from call_events").fetchone()
        return done.requests + 1 - done.errors, recorded
