"""Decides whether the clock of this machine can be believed, from what other clocks and the database say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=10)
"""How far two clocks may differ. More than that is a clock that nobody sets, or one set to another time zone."""
LONGEST_PAUSE = timedelta(days=1)
"""After a longer pause the database alone does not confirm a clock: the provider must."""


@dataclass(frozen=True, slots=True)
class ClockEvidence:
    """What is known of the time, all of it aware.

    `provider` is the provider's time: None if it did not tell it. `database` is that of the database server: None for
    SQLite, which has none. `last_seen` is when the database last saw a clock that could be believed: None if never.
    """

    machine: datetime
    provider: datetime | None = None
    database: datetime | None = None
    last_seen: datetime | None = None


def clock_doubts(evidence: ClockEvidence) -> tuple[str, ...]:
    """Return what speaks against the machine's clock, in words for the log; nothing if it can be believed.

    Every other clock must agree. That of the provider is nobody's of ours, so it confirms a clock after any pause. The
    database server may run on this very machine, so it can only disagree.

    >>> noon = datetime.fromisoformat("2026-11-23T12:00Z")
    >>> clock_doubts(ClockEvidence(noon, last_seen=noon - timedelta(minutes=1)))
    ()
    >>> clock_doubts(ClockEvidence(noon + timedelta(days=20), last_seen=noon))
    ('the database last saw 2026-11-23T12:00:00+00:00',)
    >>> clock_doubts(ClockEvidence(noon + timedelta(days=20), provider=noon, last_seen=noon))
    ("the provider's clock says 2026-11-23T12:00:00+00:00",)
    """
    clocks = {"the provider's clock": evidence.provider, "the database server's clock": evidence.database}
    doubts = [
        f"{whose} says {_second(time)}"
        for whose, time in clocks.items()
        if time is not None and abs(time - evidence.machine) > TOLERANCE
    ]
    if not doubts and evidence.provider is None and _contradicts(evidence.last_seen, evidence.machine):
        doubts.append(f"the database last saw {_second(evidence.last_seen)}")
    return tuple(doubts)


def _contradicts(last_seen: datetime | None, machine: datetime) -> bool:
    """Return whether a clock is behind what the database has seen, or too far ahead of it to be a pause."""
    return last_seen is not None and not -TOLERANCE <= machine - last_seen <= LONGEST_PAUSE


def _second(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
