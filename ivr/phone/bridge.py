"""Two ends of different calls that talk with one another."""

from dataclasses import dataclass
from math import inf


@dataclass
class Bridge:
    """From `since`, for `seconds` unless it `lingers`: then until somebody ends it. `by` whom it was ended, and when.

    `number` is the end that came for the caller; `caller` is the name of the caller's call.
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
            self.ends(self.since + self.seconds, self.number)

    def ends(self, at: float, by: str) -> None:
        """Whoever is first to put the receiver down ends it."""
        if at < self.over:
            self.over, self.by = at, by
