"""Places one scripted call, and waits until it is over."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ivr.store import canary_events
from ivr.store.canary_events import CanaryEvent
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from ivr.telephony.scripted_call import Act, document

Sleep = Callable[[float], Awaitable[None]]
EVERY = 2.0
"""Seconds between two looks."""
UNKNOWN_FOR = 4
"""Looks at a call that was answered and of which we know nothing: then it is not our application that answered it."""
ANSWERED = "in-progress"


@dataclass(frozen=True, slots=True)
class Placed:
    """A call by its SID, the provider's word for how it ended, and what our application answered in it."""

    sid: str
    status: str
    events: Sequence[CanaryEvent]

    @property
    def steps(self) -> set[str]:
        """Every step that it came to."""
        return {step for event in self.events for step in event.steps}


class Caller:
    """Rings `to` from `from_` (both E.164)."""

    def __init__(self, store: Store, provider: Provider, to: str, from_: str, sleep: Sleep) -> None:
        self._store, self._provider, self._to, self._from, self._sleep = store, provider, to, from_, sleep

    async def ring(
        self,
        acts: Sequence[Act],
        longest: float,
        *,
        record: bool = False,
        is_done: Callable[[Sequence[CanaryEvent]], Awaitable[bool]] | None = None,
    ) -> Placed:
        """Ring and return once it is over, after so many seconds at most, or as soon as it `is_done`.

        A call that is not answered by our application is ended at once: what plays then would ring real advisers.
        Raises ProviderError, DatabaseUnavailable.
        """
        async with self._store.read() as db:
            before = await canary_events.last(db)
        sid = (await self._provider.call_with_script(self._to, self._from, document(acts), record=record)).sid
        unknown = 0
        for _ in range(round(longest / EVERY)):
            await self._sleep(EVERY)
            status = await self._provider.call_status(sid)
            events = await self._events(before)
            unknown += status.status == ANSWERED and not events
            if not status.is_going_on:
                return Placed(sid, status.status, await self._events(before))
            if unknown >= UNKNOWN_FOR or (is_done and await is_done(events)):
                break
        await self._provider.complete(sid)
        status = await self._provider.call_status(sid)
        return Placed(sid, status.status, await self._events(before))

    async def _events(self, before: int) -> Sequence[CanaryEvent]:
        async with self._store.read() as db:
            return await canary_events.since(db, before)
