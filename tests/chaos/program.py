"""A copy of the program and its content, in which a scenario may change flows and steps."""

import shutil
from pathlib import Path

from ivr.helpline.opening_hours import OpeningHours
from ivr.loader import load
from tests.processes.ivr_process import ROOT

CLOCK = Path(__file__).parent / "clock" / "sitecustomize.py"
QUEUE_WAIT = ("longest: 300", "longest: 3")
"""The longest wait in the queue, in seconds, and the same in scaled time: the processes use the real clock."""
HOURS = "flows/hours.yaml"
SCHEDULER, SECRETS = "ivr/worker/scheduler.py", "ivr/store/secrets_in_use.py"
FASTER_TASKS = (
    (SCHEDULER, "MINUTE, HOUR, DAY = 0.25, 1.0, 60.0, 3600.0,", "MINUTE, HOUR, DAY = 0.25, 1.0, 0.5, 30.0,"),
    (SCHEDULER, "WORKER_EVERY.total_seconds(), longest_wait=WORKER_EVERY.total_seconds()", "TICK, longest_wait=TICK"),
    (SCHEDULER, "10 * SECOND", "TICK"),
    (SECRETS, "EVERY.total_seconds()", "0.5"),
)
"""What rests by the monotonic clock, which cannot be moved, and how long it rests where a minute passes in half a
second (run_clock.py)."""
FASTER_TICK = SCHEDULER, "HOUR, DAY = 0.25,", "HOUR, DAY = 0.1,"
"""How often advisers are rung while time passes faster during calls."""


def copy_program(folder: Path, *, closes: bool = False, is_fast: bool = False) -> None:
    """Copy `ivr`, `flows` and `prompts` into a new folder; the copy is always open unless it `closes`.

    `is_fast` is for a clock that is moved while advisers are rung.
    """
    for name in ("ivr", "flows", "prompts"):
        shutil.copytree(ROOT / name, folder / name)
    if not closes:
        (folder / HOURS).unlink()
    replace_in_file(folder / "flows/person.yaml", *QUEUE_WAIT)
    for file, rest, shorter in (*FASTER_TASKS, *((FASTER_TICK,) if is_fast else ())):
        replace_in_file(folder / file, rest, shorter)
    shutil.copy(CLOCK, folder)


def opening_hours(program: Path) -> OpeningHours | None:
    """Return the opening hours of a copy; None where it is always open."""
    return load(program).hours if (program / HOURS).exists() else None


def replace_in_file(file: Path, old: str, new: str) -> None:
    """Replace a string in a file; raise AssertionError when it is not there."""
    text = file.read_text("utf-8")
    if old not in text:
        raise AssertionError(f"{file.name} does not contain {old!r}")
    file.write_text(text.replace(old, new), "utf-8")
