"""Shifts the wall clock of one process by the seconds in a file, which is read again and again.

Python imports a module of this name at start-up. The monotonic clock stays true, as it does on a machine whose time is
set.
"""

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

OFFSET_FILE = os.environ.get("CHAOS_CLOCK_FILE", "")
POLL_INTERVAL = 0.02


def _follow(file: Path) -> None:
    import time_machine

    true_time, counted = time.time(), time.monotonic()
    offset = 0.0
    traveller = None
    while True:
        try:
            wanted = float(file.read_text())
        except (OSError, ValueError):
            wanted = offset
        if wanted != offset:
            there = datetime.fromtimestamp(true_time + time.monotonic() - counted + wanted, UTC)
            if traveller is None:
                traveller = time_machine.travel(there, tick=True).start()
            else:
                traveller.move_to(there)
            offset = wanted
            is_set.set()
        time.sleep(POLL_INTERVAL)


if OFFSET_FILE:
    is_set = threading.Event()
    threading.Thread(target=_follow, args=(Path(OFFSET_FILE),), daemon=True).start()
    if float(Path(OFFSET_FILE).read_text() or 0):
        is_set.wait(5)
