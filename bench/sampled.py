"""Where a process spends its time: looks a thousand times a second of work at what is being done."""

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

EVERY = 0.001
"""Seconds of the process's own work."""


class Sampled:
    """While it is entered, counts the stacks it finds, and writes them to a file at the end; without one, nothing."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._found: Counter[tuple[str, ...]] = Counter()

    def __enter__(self) -> Self:
        if self._file:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # the web server raises it anew when it has ended
            signal.signal(signal.SIGPROF, self._look)
            signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file:
            signal.setitimer(signal.ITIMER_PROF, 0)
            found = [[*stack, number] for stack, number in self._found.items()]
            self._file.write_text(json.dumps(found), "utf-8")

    def _look(self, number: int, frame: FrameType | None) -> None:
        stack: list[str] = []
        while frame:
            stack.append(f"{frame.f_code.co_filename}:{frame.f_code.co_name}")
            frame = frame.f_back
        self._found[tuple(stack)] += 1
