"""The helpline's own log: what happens goes to standard error, one line each."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

OURS = logging.getLogger("ivr")
"""What all our modules log to, each by its own name below this one."""
LINE = "%(asctime)s %(levelname)s %(message)s"


def begin() -> None:
    """Write our lines, INFO and above, from here on; to begin twice changes nothing.

    Where nobody begins, as in a command that is soon over, Python itself writes warnings and errors to standard error.
    """
    if not OURS.handlers:
        lines = logging.StreamHandler()
        lines.setFormatter(logging.Formatter(LINE))
        OURS.addHandler(lines)
        OURS.setLevel(logging.INFO)


@contextmanager
def quiet(level: int) -> Iterator[None]:
    """Nothing below this level is told meanwhile."""
    before = OURS.level
    OURS.setLevel(level)
    try:
        yield
    finally:
        OURS.setLevel(before)
