"""The sessions in memory: a few at a time, of which the least recently used is closed first."""

from collections import OrderedDict
from secrets import token_urlsafe

from ivr.simulator.browser.session import Session

MAX_SESSIONS = 8


class Sessions:
    """Sessions by a name that nobody can guess."""

    def __init__(self, maximum: int = MAX_SESSIONS) -> None:
        self._maximum = maximum
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    async def add(self, session: Session) -> str:
        """Add a session, and return its name."""
        name = token_urlsafe(9)
        self._sessions[name] = session
        while len(self._sessions) > self._maximum:
            _, oldest = self._sessions.popitem(last=False)
            async with oldest.lock:
                await oldest.close()
        return name

    def get(self, name: str) -> Session | None:
        """Return the session of that name, if it is still there."""
        if name in self._sessions:
            self._sessions.move_to_end(name)
        return self._sessions.get(name)

    async def close(self) -> None:
        """Close all sessions."""
        while self._sessions:
            await self._sessions.popitem()[1].close()
