"""File descriptors: each line takes one, and a process that has none left answers nobody."""

import resource
from contextlib import suppress

MOST_LINES = 2_048
"""Lines to one process: each takes some kilobytes too."""
SHARE = 4
"""One descriptor of so many is for a line, and as many for lines that come at the same moment; the database and the
provider need the rest."""


def raise_limit() -> int:
    """Have as many file descriptors as MOST_LINES need, or as the machine allows; return how many those are."""
    wanted = MOST_LINES * SHARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    allowed = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    with suppress(OSError, ValueError):  # macOS has a limit of its own below a hard one without end
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def most_lines(descriptors: int) -> int:
    """Return how many lines there may be, with so many file descriptors.

    >>> most_lines(256), most_lines(1_000_000)
    (64, 2048)
    """
    return max(min(descriptors // SHARE, MOST_LINES), 1)
