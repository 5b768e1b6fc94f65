"""Tells what failed without telling what it failed on: an error's own message may hold a caller's number."""

import traceback


def redacted_traceback(error: BaseException) -> str:
    """The kind of an error and the lines of ours and of others that it came through, innermost first.

    >>> try:
    ...     {}["+447700900123"]
    ... except KeyError as error:
    ...     redacted_traceback(error).startswith("KeyError at ")
    True
    """
    frames = reversed(traceback.extract_tb(error.__traceback__))
    came_through = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} at {came_through}"
