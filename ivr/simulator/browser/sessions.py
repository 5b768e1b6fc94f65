"""The sessions in memory: a few at a time, of which the least recently used is closed first."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from secrets import token_urlsafe

from ivr.errors import IvrError
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.browser.session import Session

MAX_SESSIONS = 8

Restore = Callable[[str], Awaitable[Session | None]]
"""Returns the session of a name as its journal has it; None if there is no journal. Raises IvrError."""


class SessionGone(ActionRefused):
    """A session that is not in memory, and cannot be restored."""


async def nothing_restored(name: str) -> None:
    """Return that there is no journal of any session."""


class Sessions:
    """Sessions by a name that nobody can guess; one that is not in memory is restored when it is asked for."""

    def __init__(self, restore: Restore = nothing_restored, maximum: int = MAX_SESSIONS) -> None:
        self._restore, self._maximum = restore, maximum
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._restoring = asyncio.Lock()

    async def add(self, session: Session) -> str:
        """Add a session, and return its name."""
        name = token_urlsafe(9)
        await self._put(name, session)
        return name

    async def find(self, name: str) -> Session:
        """Return the session of that name. Raises SessionGone."""
        async with self._restoring:
            if name not in self._sessions:
                await self._put(name, await self._restored(name))
        self._sessions.move_to_end(name)
        return self._sessions[name]

    async def _restored(self, name: str) -> Session:
        try:
            session = await self._restore(name)
        except IvrError as error:
            raise SessionGone(f"This call cannot be taken up again: {error} Begin a new one.") from error
        if session is None:
            raise SessionGone("This call is no longer kept: begin a new one.")
        return session

    async def _put(self, name: str, session: Session) -> None:
        self._sessions[name] = session
        while len(self._sessions) > self._maximum:
            _, oldest = self._sessions.popitem(last=False)
            async with oldest.lock:
                await oldest.close()

    async def close(self) -> None:
        """Close all sessions, the one used last first, and forget them."""
        while self._sessions:
            await self._sessions.popitem()[1].close()
