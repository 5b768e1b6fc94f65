"""How a hunt for an adviser stands, and whom to ring next."""

from collections.abc import Iterable, Sequence, Set
from enum import StrEnum

SINCE, SINCE_TURN, WAY = "since", "since_turn", "way"
"""Variables of a caller in a hunt: since when, and which turn of the call, they wait; which way it goes from here."""
TALKED, TAKEN, GONE = "talked", "taken", "gone"
"""How it went for an adviser who would take a call: they talked, another was first, or the caller rang off."""


class HuntState(StrEnum):
    """The state of a hunt; `taken` by an adviser."""

    ringing = "ringing"
    taken = "taken"
    over = "over"


class HuntStatus(StrEnum):
    """How a hunt stands, as the caller who waits is to know it.

    `busy`: all who are left to be rung are talking to somebody; `nobody`: none is left; `stalled`: nothing happens;
    `taken`: an adviser is being connected; `left`: the caller is to leave the queue.
    """

    ringing = "ringing"
    busy = "busy"
    nobody = "nobody"
    stalled = "stalled"
    taken = "taken"
    left = "left"


def next_to_ring(
    on_shift: Iterable[bytes], tried: Set[bytes], engaged: Set[bytes], *, rings: bool, all_at_once: bool
) -> tuple[Sequence[bytes], HuntStatus]:
    """Return whom to ring now, in order, and how the hunt then stands; advisers go by their blind index.

    Nobody who was `tried` in this hunt is rung again, and nobody who is `engaged` in any. `rings`: somebody's
    telephone rings for this hunt at this moment.

    >>> next_to_ring([b"1"], set(), {b"1"}, rings=False, all_at_once=False)
    ([], <HuntStatus.busy: 'busy'>)
    """
    if rings and not all_at_once:
        return [], HuntStatus.ringing
    left = [adviser for adviser in on_shift if adviser not in tried]
    free = [adviser for adviser in left if adviser not in engaged]
    if free or rings:
        return free if all_at_once else free[:1], HuntStatus.ringing
    return [], HuntStatus.busy if left else HuntStatus.nobody
