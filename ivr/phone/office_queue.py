"""A queue as the telephone company's office keeps it (https://www.twilio.com/docs/voice/api/queue-resource)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from ivr.phone.office_message import VERSION

MOST = 1000
"""Callers in a queue of whom nobody said how many there may be."""


@dataclass(eq=False)
class Place:
    """A caller in a queue since then, and for how long in the end.

    `taken` calls away whoever plays to them, so that they can talk over a bridge.
    """

    queue: "Queue"
    call: str
    since: float
    taken: Callable[[Any], None]
    seconds: int = 0

    @property
    def is_waiting(self) -> bool:
        return self in self.queue.places

    def waited(self, now: float) -> int:
        """Whole seconds, as they are told to the app."""
        return round(now - self.since)

    def form(self, now: float) -> dict[str, str]:
        """What is told of the queue when the document to wait with is asked for."""
        return {
            "QueueSid": self.queue.sid,
            "QueuePosition": str(self.queue.places.index(self) + 1),
            "QueueTime": str(self.waited(now)),
            "AvgQueueTime": str(self.queue.average),
            "CurrentQueueSize": str(len(self.queue.places)),
            "MaxQueueSize": str(self.queue.most),
        }

    def leaves(self, now: float) -> None:
        """Wait no more."""
        if self.is_waiting:
            self.queue.places.remove(self)
            self.seconds = self.waited(now)
            self.queue.waits.append(self.seconds)


@dataclass(eq=False)
class Queue:
    """Callers in the order in which they came, and how long those waited who came out of it."""

    name: str
    most: int = MOST
    places: list[Place] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    sid: str = field(default_factory=lambda: f"QU{token_hex(16)}")

    @property
    def average(self) -> int:
        """Seconds that callers have waited on average."""
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0

    def as_json(self, account: str) -> dict[str, Any]:
        """What the office tells of it."""
        return {
            "account_sid": account,
            "average_wait_time": self.average,
            "current_size": len(self.places),
            "friendly_name": self.name,
            "max_size": self.most,
            "sid": self.sid,
            "uri": f"/{VERSION}/Accounts/{account}/Queues/{self.sid}.json",
        }
