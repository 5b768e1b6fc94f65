"""Moves the clock on the wall of one process: as many seconds from the true time as a file says, again and again.

Python reads a module of this name when it starts. How long something takes is still measured by the true clock, as it
is on a machine whose time is set.
"""

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

FILE = os.environ.get("TORTURE_CLOCK", "")
LOOK_EVERY = 0.02


def _keep_moving(file: Path) -> None:
    import time_machine

    true_time, counted = time.time(), time.monotonic()
    moved = 0.0
    coordinates = None
    while True:
        try:
            wanted = float(file.read_text())
        except (OSError, ValueError):
            wanted = moved
        if wanted != moved:
            there = datetime.fromtimestamp(true_time + time.monotonic() - counted + wanted, UTC)
            if coordinates is None:
                coordinates = time_machine.travel(there, tick=True).start()
            else:
                coordinates.move_to(there)
            moved = wanted
            ready.set()
        time.sleep(LOOK_EVERY)


if FILE:
    ready = threading.Event()
    threading.Thread(target=_keep_moving, args=(Path(FILE),), daemon=True).start()
    if float(Path(FILE).read_text() or 0):
        ready.wait(5)
