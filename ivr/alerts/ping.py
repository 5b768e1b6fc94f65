"""Pings a dead-man service, which tells staff when the pings stop: when everything is gone, nobody else can.

Services such as healthchecks.io take a GET of an address that is a secret, and of `/fail` below it for what is wrong
(https://healthchecks.io/docs/signaling_failures/); one that knows no `/fail` misses the ping, which says the same.
"""

import logging
from collections.abc import Awaitable, Callable

from ivr.alerts.lookout import Lookout

log = logging.getLogger(__name__)

EVERY = 120.0
"""Seconds between two pings."""
Get = Callable[[str], Awaitable[int]]
"""Requests an address, which is not to be logged: it is a secret. Returns the status; raises OSError."""


class Ping:
    """Requests `url` while nothing that a lookout finds harms callers, else its `/fail`."""

    def __init__(self, url: str, get: Get, lookout: Lookout) -> None:
        self._url, self._get, self._lookout = url.rstrip("/"), get, lookout
        self._fails = False

    async def ping(self) -> int:
        """Ping once; what goes wrong is logged when it begins and when it ends."""
        urgent = [problem for problem in (await self._lookout.found()).problems if problem.urgent]
        try:
            status = await self._get(f"{self._url}/fail" if urgent else self._url)
            reason = "" if status < 400 or urgent else f"it answered {status}"
        except OSError as error:
            reason = type(error).__name__
        if reason and not self._fails:
            log.warning("dead-man ping failed: reason=%r setting=IVR_PING_URL", reason)
        elif self._fails and not reason:
            log.info("dead-man ping taken again")
        self._fails = bool(reason)
        return 0
