"""The way of each call through the flows: the steps it came to, and what the caller did to get there."""

from collections import OrderedDict
from dataclasses import asdict, dataclass
from typing import Any

from ivr.simulator.browser.helpline_source import CallTrace

MAX_CALLS, MAX_VISITS = 20, 500
"""How many calls are kept, and visits of each: the oldest go first."""


@dataclass(frozen=True)
class Visit:
    """A call came to a step, at a second of the simulated clock.

    `happened` is what the caller did at the step before it; "" for a step that led on by itself, and for the first.
    `stays`: the call is where it was, and hears something else there.
    """

    at: float
    step: str
    happened: str = ""
    stays: bool = False


class CallPaths:
    """The visits of the last calls, by CallSid."""

    def __init__(self) -> None:
        self._visits: OrderedDict[str, list[Visit]] = OrderedDict()

    def add(self, at: float, trace: CallTrace) -> None:
        """Add what a helpline did for a call."""
        visits = self._visits.setdefault(trace.call, [])
        before = visits[-1] if visits else Visit(at, "")
        happened = trace.happened if trace.asked_at == before.step else ""
        if trace.path:
            visits += [Visit(at, step, "" if number else happened) for number, step in enumerate(trace.path)]
        elif (before.step, before.happened, before.stays) != (trace.at, happened, True):  # told once is enough
            visits.append(Visit(at, trace.at, happened, stays=trace.at == before.step))
        del visits[:-MAX_VISITS]
        while len(self._visits) > MAX_CALLS:
            self._visits.popitem(last=False)

    def of(self, call: str) -> list[Visit]:
        """Return the visits of a call, in order."""
        return self._visits.get(call, [])

    def as_json(self, call: str) -> list[dict[str, Any]]:
        """Return the visits of a call as the page shows them."""
        return [asdict(visit) | {"at": round(visit.at, 3)} for visit in self.of(call)]
