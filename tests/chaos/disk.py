"""A small file system for a database, which can be filled up."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which

from tests.chaos.scenario import FaultNotSupported


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Path]:
    """Mount a tmpfs of `size` bytes on a new folder; raise FaultNotSupported without the rights to mount."""
    mount, umount = which("mount"), which("umount")
    if os.geteuid() or not mount or not umount:
        raise FaultNotSupported("only root may mount a tmpfs")
    folder.mkdir()
    command = [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise FaultNotSupported(f"mounting a tmpfs failed: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run([umount, "-l", folder], check=False)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Fill the file system to the last byte."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        yield
    finally:
        filler.unlink()
