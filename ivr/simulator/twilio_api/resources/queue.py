"""The Queue and queue Member resources (https://www.twilio.com/docs/voice/api/queue-resource)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ivr.simulator.twilio_api.identifiers import API_VERSION, new_sid

DEFAULT_MAX_SIZE = 1000


@dataclass(eq=False)
class QueueMember:
    """A caller in a queue `since` a second of the simulated clock; `seconds` is the total once they have left.

    `dequeue` interrupts the caller's wait with the bridge to whoever takes the call.
    """

    queue: "QueueResource"
    call_sid: str
    since: float
    dequeue: Callable[[Any], None]
    seconds: int = 0

    def seconds_waited(self, now: float) -> int:
        """Return the `QueueTime`: whole seconds since the caller joined."""
        return round(now - self.since)

    def wait_url_form(self, now: float) -> dict[str, str]:
        """Return the fields added to a request for the `waitUrl`.

        See https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl.
        """
        return {
            "QueueSid": self.queue.sid,
            "QueuePosition": str(self.queue.members.index(self) + 1),
            "QueueTime": str(self.seconds_waited(now)),
            "AvgQueueTime": str(self.queue.average_wait),
            "CurrentQueueSize": str(len(self.queue.members)),
            "MaxQueueSize": str(self.queue.max_size),
        }

    def leave(self, now: float) -> None:
        """Leave the queue, if still in it."""
        if self in self.queue.members:
            self.queue.members.remove(self)
            self.seconds = self.seconds_waited(now)
            self.queue.waits.append(self.seconds)


@dataclass(eq=False)
class QueueResource:
    """Callers in order of arrival. `waits` are the seconds of those who have left."""

    name: str
    max_size: int = DEFAULT_MAX_SIZE
    members: list[QueueMember] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    sid: str = field(default_factory=lambda: new_sid("QU"))

    @property
    def average_wait(self) -> int:
        """The average wait in seconds of callers who have left."""
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0

    def as_json(self, account_sid: str) -> dict[str, Any]:
        """Return the resource as the API shows it."""
        return {
            "account_sid": account_sid,
            "average_wait_time": self.average_wait,
            "current_size": len(self.members),
            "friendly_name": self.name,
            "max_size": self.max_size,
            "sid": self.sid,
            "uri": f"/{API_VERSION}/Accounts/{account_sid}/Queues/{self.sid}.json",
        }
