"""A copy of the program and its content, in which a scenario may change flows and steps."""

import shutil
from pathlib import Path

from tests.processes.ivr_process import ROOT

CLOCK = Path(__file__).parent / "clock" / "sitecustomize.py"
QUEUE_WAIT = ("longest: 300", "longest: 3")
"""The longest wait in the queue, in seconds, and the same in scaled time: the processes use the real clock."""


def copy_program(folder: Path) -> None:
    """Copy `ivr`, `flows` and `prompts` into a new folder; without opening hours the copy is always open."""
    for name in ("ivr", "flows", "prompts"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "flows/hours.yaml").unlink()
    replace_in_file(folder / "flows/person.yaml", *QUEUE_WAIT)
    shutil.copy(CLOCK, folder)


def replace_in_file(file: Path, old: str, new: str) -> None:
    """Replace a string in a file; raise AssertionError when it is not there."""
    text = file.read_text("utf-8")
    if old not in text:
        raise AssertionError(f"{file.name} does not contain {old!r}")
    file.write_text(text.replace(old, new), "utf-8")
