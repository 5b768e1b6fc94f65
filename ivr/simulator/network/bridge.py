"""A bridge: the connection between a queued caller and the party who took the call."""

from dataclasses import dataclass
from math import inf


@dataclass
class Bridge:
    """A talk that began at `since` and takes `seconds`, or until somebody hangs up if it `lingers`.

    `number` is the party who took the call, `caller` the CallSid of the queued caller. It is `over` at that second,
    ended `by` one of them.
    """

    number: str
    caller: str
    since: float
    seconds: float
    lingers: bool
    over: float = inf
    by: str = ""

    def __post_init__(self) -> None:
        if not self.lingers:
            self.end(self.since + self.seconds, self.number)

    def end(self, at: float, by: str) -> None:
        """End the talk; the earlier of several hang-ups counts."""
        if at < self.over:
            self.over, self.by = at, by
