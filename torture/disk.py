"""A file system of a few bytes for a database, which can really be full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from torture.fault import CannotBeInjected


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Path]:
    """One of its own at a folder; raises CannotBeInjected where we may not mount."""
    mount, umount = which("mount"), which("umount")
    if os.geteuid() or not mount or not umount:
        raise CannotBeInjected("only root may mount a file system of a few bytes")
    folder.mkdir()
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode:
        raise CannotBeInjected(f"mounting a file system is refused: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run([umount, "-l", folder], check=False)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Not a byte is left."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        yield
    finally:
        filler.unlink()
