"""What is wrong with how the helpline is set up and run, looked for now and then: it takes seconds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.log import redacted_traceback
from ivr.stop import stopped_within

log = logging.getLogger(__name__)

EVERY = 600.0
"""Seconds between two looks."""


@dataclass(frozen=True)
class Fault:
    """Something that is wrong, and what mends it; an urgent one harms callers. `check` is what found it."""

    is_urgent: bool
    says: str
    mend: str
    check: str = ""


Examine = Callable[[], Awaitable[Sequence[Fault]]]


class Faults:
    """The faults as last found, and when that was: None before the first look is over."""

    def __init__(self, examine: Examine | None = None, clock: Callable[[], datetime] | None = None) -> None:
        self._examine, self._clock = examine, clock
        self.found: Sequence[Fault] = ()
        self.looked_at: datetime | None = None

    async def watch(self, stop: asyncio.Event) -> None:
        """Look every few minutes until told to stop."""
        while self._examine and self._clock:
            await self._look(self._examine, self._clock)
            if await stopped_within(stop, EVERY):
                return

    async def _look(self, examine: Examine, clock: Callable[[], datetime]) -> None:
        try:
            self.found = await examine()
        except Exception as error:  # whatever it stumbled over, the pages go on
            log.error("the helpline could not be looked over: %s", redacted_traceback(error))
        else:
            self.looked_at = clock()
