"""The private folders of trials: each is locked while its process lives, so that what a killed one left is known."""

import fcntl
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

PREFIX, LOCK = "ivr-trial-", "lock"


class TrialFolder:
    """A temporary folder. The system gives up the lock in it with the process, however that ends."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix=PREFIX)
        self.path = Path(self._folder.name)
        self._lock = (self.path / LOCK).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        """Delete the folder."""
        self._lock.close()
        self._folder.cleanup()


def remove_abandoned(within: Path | None = None) -> None:
    """Delete the folders of trials whose process is no more; one that is not ours to delete stays."""
    for lock in (within or Path(gettempdir())).glob(f"{PREFIX}*/{LOCK}"):
        with suppress(OSError), lock.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
