"""Interruptions: what was never heard, because a key or an adviser cut the speech short."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ivr.simulator.network.carrier import Carrier
from ivr.simulator.network.waits import Wait
from ivr.simulator.transcript import HELPLINE, Entry

TOLERANCE = 0.05
"""Seconds of speech that count as heard to the end."""


class Interruptions:
    """`at` is the second at which each transcript entry, by its index, was interrupted, perhaps before it began."""

    def __init__(self) -> None:
        self.at: dict[int, float] = {}

    @contextmanager
    def watch(self, carrier: Carrier) -> Iterator[None]:
        """Find the entries that are interrupted by what happens inside the context."""
        before, count = _pending_waits(carrier), len(carrier.entries)
        yield
        after = _pending_waits(carrier)
        for index, entry in enumerate(carrier.entries[:count]):
            goes_on = entry.who == HELPLINE and entry.at + entry.seconds > carrier.now + TOLERANCE
            if goes_on and index not in self.at and before.get(entry.ear) is not after.get(entry.ear):
                self.at[index] = carrier.now

    def find(self, entries: Sequence[Entry]) -> None:
        """Find the entries that another one has followed before they were over, in a call that was played at once."""
        spoken = [(index, entry) for index, entry in enumerate(entries) if entry.who == HELPLINE]
        for place, (index, entry) in enumerate(spoken):
            end = entry.at + entry.seconds - TOLERANCE
            later = [one.at for _, one in spoken[place + 1 :] if one.ear == entry.ear and one.at < end]
            if later:
                self.at.setdefault(index, min(later))


def _pending_waits(carrier: Carrier) -> Mapping[str, Wait | None]:
    """Return the pending wait of each participant by whose ear it is."""
    return {participant.line.ear: participant.pending for participant in carrier.participants}
