"""Counts the results of a run: at the provider's API, in the database, and in what callers heard."""

from dataclasses import dataclass, field

from tests.chaos.messages import count_messages
from tests.chaos.promises import count_promises
from tests.chaos.ringing import count_engaged, count_ghost_rings
from tests.chaos.run import Run

MAX_RESPONSE_SECONDS = 2.0
"""The longest that a caller may wait for a response."""


@dataclass(frozen=True)
class Results:
    """Counts and real seconds; the page describes each (page.COLUMNS).

    `degraded_for` is how long after the end of the fault a caller last heard a degraded prompt; `recovery` is how long
    the texts took that were due then, None if longer than the timeout.
    """

    calls: int
    in_progress: int
    responses: int
    dropped: int
    promised: int
    broken: int
    lost: int
    duplicated: int
    slow: int
    slowest: float
    degraded: int
    failed_responses: int
    degraded_for: float
    recovery: float | None
    given_up: int = 0
    engaged: int = 0
    ghost_rings: int = 0
    messages_left: int = 0
    messages_found: int = 0
    lost_with_database: int = 0
    messages_lost_with_database: int = 0
    allows_slow: bool = False
    """Whether this machine had other work: slow responses are shown, and fail nothing."""
    details: tuple[str, ...] = field(default=(), repr=False)

    @property
    def messages_missing(self) -> int:
        """How many messages nobody will hear, though a restored backup is not the reason."""
        return self.messages_left - self.messages_found - self.messages_lost_with_database

    @property
    def harm(self) -> int:
        """How much was done that callers or advisers suffer from, besides slow responses."""
        promises = self.broken + self.lost + self.given_up + self.messages_missing
        return self.dropped + promises + self.engaged + self.ghost_rings

    @property
    def passed(self) -> bool:
        """Whether no harm was done, no response was slow, and the queue recovered."""
        return not self.harm and (self.allows_slow or not self.slow) and self.recovery is not None


async def count(run: Run, fault_end: float, recovery: float | None) -> Results:
    """Count everything, once the calls have ended; `fault_end` is a monotonic time."""
    promises, messages = await count_promises(run), await count_messages(run)
    awaited = [request for request in run.environment.load_balancer.requests if request.keeps_caller_waiting]
    dropped = [call for call in run.calls if call.is_dropped]
    return Results(
        calls=len(run.calls) + len(run.hanging),
        in_progress=run.in_progress_at_fault,
        responses=len(awaited),
        dropped=len(dropped) + len(run.hanging),
        promised=promises.made,
        broken=promises.broken,
        lost=promises.lost,
        duplicated=promises.duplicated,
        slow=sum(request.seconds > MAX_RESPONSE_SECONDS for request in awaited),
        slowest=max((request.seconds for request in awaited), default=0.0),
        degraded=sum(call.degraded_prompts > 0 for call in run.calls),
        failed_responses=sum(bool(call.failures) for call in run.calls),
        degraded_for=max([0.0, *(call.last_degraded - fault_end for call in run.calls)]),
        recovery=recovery,
        given_up=promises.given_up,
        engaged=await count_engaged(run),
        ghost_rings=await count_ghost_rings(run),
        messages_left=messages.left,
        messages_found=messages.found,
        lost_with_database=promises.lost_with_database,
        messages_lost_with_database=messages.lost_with_database,
        details=tuple([*(call.transcript for call in dropped), *run.hanging, *promises.unsettled]),
    )
