"""Logging to standard error, one line each, and tracebacks without the values that an error's message may hold."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from ivr.printable import printable

LOGGER = logging.getLogger("ivr")
"""The parent of the logger of each of our modules."""
FORMAT = "%(asctime)s %(levelname)s %(message)s"


class Harmless(logging.Formatter):
    """Writes out what cannot be seen: the log is read at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


def begin() -> None:
    """Write our records, INFO and above, to standard error; a second call changes nothing.

    Without it, as in a short command, Python itself writes warnings and errors to standard error.
    """
    if not LOGGER.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(Harmless(FORMAT))
        LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.INFO)


@contextmanager
def quiet(level: int) -> Iterator[None]:
    """Suppress our records below this level meanwhile."""
    before = LOGGER.level
    LOGGER.setLevel(level)
    try:
        yield
    finally:
        LOGGER.setLevel(before)


def reason(error: BaseException, known: type[BaseException]) -> str:
    """Return the words of a known error, which are ours, and the redacted traceback of any other.

    >>> reason(KeyError("town"), KeyError)
    "'town'"
    """
    return str(error) if isinstance(error, known) else redacted_traceback(error)


def redacted_traceback(error: BaseException) -> str:
    """Return the type of an error and the frames that it came through, innermost first, without its message.

    The message may hold a caller's number.

    >>> try:
    ...     {}["+447700900123"]
    ... except KeyError as error:
    ...     redacted_traceback(error).startswith("KeyError at ")
    True
    """
    frames = reversed(traceback.extract_tb(error.__traceback__))
    path = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} at {path}"
