"""Keeps the temporary files of the tests in memory, where there is room: hundreds of databases, each synced to a disk
at every commit, take a third of the time.
"""

import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path("/dev/shm")
BYTES = 2 << 30
"""A whole run needs a tenth of it."""


def use_memory(folder: Path = FOLDER) -> None:
    """Make temporary files in a folder of the system's memory, for this process and those that it starts.

    It must have room, and let programs run. Whoever sets TMPDIR has chosen.
    """
    if "TMPDIR" in os.environ or not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return
    if shutil.disk_usage(folder).free >= BYTES:
        os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
