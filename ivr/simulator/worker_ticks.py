"""Worker ticks: let the app's worker run as simulated time passes."""

from collections.abc import Awaitable, Callable

Tick = Callable[[], Awaitable[object]]
"""Runs the worker once: it calls advisers, fetches recordings, sends messages."""
TICK_SECONDS = 1.0


class WorkerTicks:
    """A tick every second while the calls are busy, and one whenever a caller begins to wait or a call ends.

    At other times nothing would show whether a worker runs, so there is a tick only before the app gets a webhook.
    """

    priority = 4

    def __init__(self, now: Callable[[], float], is_busy: Callable[[], bool], tick: Tick | None) -> None:
        self._now, self._is_busy, self._tick = now, is_busy, tick
        self._next = 0.0
        self._is_requested = False

    def request(self) -> None:
        """Request a tick at the current second."""
        self._is_requested = True

    @property
    def is_due(self) -> bool:
        """True if there will be another tick."""
        return self._tick is not None and (self._is_requested or self._is_busy())

    @property
    def is_late(self) -> bool:
        """True if a worker that ticks all the time would have ticked by now."""
        return self._tick is not None and self._now() >= self._next

    @property
    def due(self) -> float:
        """The second of the next tick."""
        return self._now() if self._is_requested else max(self._next, self._now())

    async def proceed(self) -> None:
        """Run the worker once."""
        self._is_requested, self._next = False, self._now() + TICK_SECONDS
        if self._tick:
            await self._tick()
