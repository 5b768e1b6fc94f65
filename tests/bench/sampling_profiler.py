"""A sampling profiler: counts the stacks of the main thread a thousand times per second of CPU time."""

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

INTERVAL = 0.001
"""Seconds of CPU time."""


class SamplingProfiler:
    """Samples between enter and exit and writes the stacks to a JSON file; does nothing without a file."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._stacks: Counter[tuple[str, ...]] = Counter()

    def __enter__(self) -> Self:
        if self._file:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # uvicorn raises it again after its shutdown
            signal.signal(signal.SIGPROF, self._sample)
            signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file:
            signal.setitimer(signal.ITIMER_PROF, 0)
            stacks = [[*stack, number] for stack, number in self._stacks.items()]
            self._file.write_text(json.dumps(stacks), "utf-8")

    def _sample(self, number: int, frame: FrameType | None) -> None:
        stack: list[str] = []
        while frame:
            stack.append(f"{frame.f_code.co_filename}:{frame.f_code.co_name}")
            frame = frame.f_back
        self._stacks[tuple(stack)] += 1
