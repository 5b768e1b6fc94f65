"""Logging to standard error, one line each, plain or as JSON, without the values that an error's message may hold."""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from ivr.printable import printable_line

LOGGER = logging.getLogger("ivr")
"""The parent of the logger of each of our modules."""
SERVER = logging.getLogger("uvicorn")
"""That of the web server, whose lines are written as ours are."""
FORMAT = "%(asctime)s %(levelname)s %(message)s"
PLAIN, JSON = "plain", "json"
FIELD = re.compile(r"(\w+)=%([a-z])")
"""A field in the template of one of our lines, such as `seconds=%d`."""
RESERVED = frozenset({"time", "level", "logger", "message"})
"""What each line of JSON has; no field has such a name."""


class PlainFormatter(logging.Formatter):
    """Writes one line, and writes out what cannot be seen: the log is read at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line; the traceback of an error stands in it without the error's message."""
        record.message = record.getMessage().strip()
        line = self.formatMessage(self._timed(record))
        return printable_line(" ".join(filter(None, (line, _error(record)))))

    def _timed(self, record: logging.LogRecord) -> logging.LogRecord:
        record.asctime = self.formatTime(record)
        return record


class JsonFormatter(logging.Formatter):
    """Writes one JSON object a line: time, level, logger, the event as `message`, and the fields of the line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line. Numbers stay numbers; the moment is in UTC, ISO 8601."""
        message, fields = event_and_fields(record)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        about = {"time": at, "level": record.levelname, "logger": record.name, "message": message}
        error = _error(record)
        return json.dumps(about | fields | ({"error": error} if error else {}), default=str)


def event_and_fields(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
    """Return what happened, the same words each time, and the fields of a line.

    A template such as `"sms sent: id=%s attempt=%d"` has its fields behind the event. What stands alone at the end, as
    in `"single sign-on: %s"`, is the field `reason`.
    """
    template, args = str(record.msg), record.args
    names = [name for name, _ in FIELD.findall(template)]
    if not isinstance(args, tuple) or not args:
        return record.getMessage().strip(), {}
    if len(names) == len(args):
        event = template[: next(FIELD.finditer(template)).start()]
        return event.strip().rstrip(":"), dict(zip(names, map(_plain, args), strict=True))
    if len(args) == 1 and template.endswith(": %s"):
        return template.removesuffix(": %s"), {"reason": str(args[0])}
    return record.getMessage().strip(), {}


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _error(record: logging.LogRecord) -> str:
    return redacted_traceback(record.exc_info[1]) if record.exc_info and record.exc_info[1] else ""


FORMATTERS = {PLAIN: PlainFormatter, JSON: JsonFormatter}


def begin(format: str = PLAIN) -> None:
    """Write our records and the web server's, INFO and above, to standard error; a second call changes nothing.

    Without it, as in a short command, Python itself writes warnings and errors to standard error.
    """
    if LOGGER.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATTERS[format](FORMAT))
    for logger in (LOGGER, SERVER):
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    SERVER.propagate = False


def lines(text: str) -> None:
    """Log a text of several lines, a record for each."""
    for line in text.splitlines():
        LOGGER.info(line)


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
