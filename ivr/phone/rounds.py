"""Lets the app's other half work as time passes: whoever rings advisers, fetches recordings, sends texts."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivr.phone.company import Company

Meanwhile = Callable[[], Awaitable[object]]
EVERY = 1.0
"""Seconds from one round to the next."""


class Rounds:
    """A round every second while anybody waits or is rung, and one whenever somebody begins to wait or a call ends.

    Otherwise nobody would notice that there are none, so there is one only before the app is asked something.
    """

    rank = 4

    def __init__(self, company: "Company", meanwhile: Meanwhile | None) -> None:
        self._company, self._meanwhile = company, meanwhile
        self._next = 0.0
        self.is_wanted = False

    @property
    def is_due(self) -> bool:
        """Whether there will be another at all."""
        return self._meanwhile is not None and (self.is_wanted or self._company.is_busy)

    @property
    def is_late(self) -> bool:
        """Whether there would have been another by now."""
        return self._meanwhile is not None and self._company.now >= self._next

    @property
    def due(self) -> float:
        """The second of the next one."""
        return self._company.now if self.is_wanted else max(self._next, self._company.now)

    async def acts(self) -> None:
        """One round."""
        self.is_wanted, self._next = False, self._company.now + EVERY
        if self._meanwhile:
            await self._meanwhile()
