"""Records that a worker lives, for the web processes that promise what it does."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from ivr.errors import DatabaseUnavailable
from ivr.store.database import Store
from ivr.store.heartbeat import record_heartbeat


class Heartbeat:
    """Records the heartbeat of each kind of work in `works`."""

    def __init__(self, store: Store, works: Sequence[str], clock: Callable[[], datetime]) -> None:
        self._store, self._works, self._clock = store, works, clock

    async def beat(self) -> int:
        """Record it; a database that is down is told of by the tasks that need it more."""
        with suppress(DatabaseUnavailable):
            async with self._store.begin() as db:
                for what in self._works:
                    await record_heartbeat(db, what, self._clock())
        return 0
