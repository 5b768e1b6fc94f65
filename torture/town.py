"""The town that the helpline is for: its clock, which goes faster than ours, its telephone company and its advisers."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from time import monotonic

from ivr.phone.exchange import Exchange
from ivr.phone.office import Office
from ivr.phone.office_queue import Queue
from torture.gate import Gate

SPEED = 60.0
"""Seconds of a call that pass in one of ours: speech, ringing and talks are that much shorter, answers are not."""
PUBLIC_URL = "https://helpline.example"
TOKEN = "token"  # noqa: S105  there is no account behind it
ADVISERS = tuple(f"+447700900{n}" for n in range(990, 996))


@dataclass
class Town:
    """Everybody who has a telephone. `fallback` is played when no answer of ours is good."""

    gate: Gate
    office: Office
    fallback: str
    random: Random
    began: float = field(default_factory=monotonic)

    @property
    def now(self) -> float:
        """Seconds of the town's since it began."""
        return (monotonic() - self.began) * SPEED

    async def until(self, second: float) -> None:
        """Wait for a second of the town's."""
        await asyncio.sleep(max(0.0, second - self.now) / SPEED)

    def exchange(self) -> Exchange:
        """The company's way to us, for one more call."""
        return Exchange(self.gate, PUBLIC_URL, TOKEN)

    def queue(self, name: str) -> Queue | None:
        """A queue at the company, if there is one of that name."""
        return self.office.queue_named(name)
