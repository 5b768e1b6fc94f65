"""The clocks of a run: time passes for all of them at once, or those of our processes alone are set wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Pace:
    """How time passes: step by step, each with so many real seconds for everybody to notice it."""

    step: timedelta
    real_seconds: float


DURING_CALLS = Pace(timedelta(seconds=6), 0.2)
"""Half as fast as calls: no step is as long as an adviser rings, or as a caller may be unheard of."""
MINUTES = Pace(MINUTE, 0.5)
"""While nobody is rung. A step is as long as a minute of the worker's tasks (program.py)."""
Tick = Callable[[datetime], Awaitable[None]]
"""Waits until everything that follows the clock has noticed a time."""


class RunClock:
    """`file` holds the seconds by which the clocks of our processes are ahead of this machine's (`clock/`)."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.passed = timedelta()
        """How much time has passed besides that of this machine."""
        self._error = timedelta()
        self._write()

    def true_time(self) -> datetime:
        """Return the time by the clocks of the provider and of the database server."""
        return datetime.now(UTC) + self.passed

    def process_time(self) -> datetime:
        """Return the time by the clocks of our processes."""
        return self.true_time() + self._error

    def set_wrong(self, error: timedelta) -> None:
        """Set the clocks of our processes ahead of the true time; no time sets them right."""
        self._error = error
        self._write()

    def start_at(self, time: str) -> None:
        """Set the clocks of our processes to a time in ISO format."""
        self.set_wrong(datetime.fromisoformat(time) - self.true_time())

    def advance(self, time: timedelta) -> None:
        """Let time pass for all clocks."""
        self.passed += time
        self._write()

    async def let_pass(self, time: timedelta, tick: Tick, pace: Pace) -> None:
        """Let time pass step by step; after each, wait until everybody has noticed."""
        until = self.passed + time
        while self.passed < until:
            self.advance(min(pace.step, until - self.passed))
            await asyncio.sleep(pace.real_seconds)
            await tick(self.process_time())

    def _write(self) -> None:
        self._file.write_text(str((self.passed + self._error).total_seconds()))
