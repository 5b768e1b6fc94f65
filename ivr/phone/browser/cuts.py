"""What was never heard: the words that a key, or somebody who came for the caller, cut short."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ivr.phone.company import Company
from ivr.phone.stops import Stop
from ivr.phone.transcript import HELPLINE

TO_THE_END = 0.05
"""Seconds that nobody misses."""


class Cuts:
    """`at` has the second at which each line, by its number, was cut short; one before it began was never said."""

    def __init__(self) -> None:
        self.at: dict[int, float] = {}

    @contextmanager
    def watching(self, company: Company) -> Iterator[None]:
        """Find out what is cut short by whatever happens meanwhile."""
        before, count = _stops(company), len(company.entries)
        yield
        after = _stops(company)
        for place, entry in enumerate(company.entries[:count]):
            goes_on = entry.who == HELPLINE and entry.at + entry.seconds > company.now + TO_THE_END
            if goes_on and place not in self.at and before.get(entry.ear) is not after.get(entry.ear):
                self.at[place] = company.now


def _stops(company: Company) -> Mapping[str, Stop | None]:
    """Where everybody on the line has stopped, by whose ear it is."""
    return {party.line.ear: party.stop for party in company.parties}
