"""Tells staff that no worker is at work: the worker cannot, so the web processes do, one of them for all."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from time import monotonic

from ivr.alerts.teller import line_of
from ivr.errors import DatabaseUnavailable, IvrError
from ivr.helpline.alert_lines import AlertLine
from ivr.stop import stopped_within
from ivr.store import alert_messages, alerts, heartbeat
from ivr.store.accounts import Account, Channel
from ivr.store.alert_messages import Ways
from ivr.store.alerts import Alert, Problem
from ivr.store.database import Store
from ivr.store.state import NO_WORKER

log = logging.getLogger(__name__)

EVERY = 15.0
"""Seconds between two looks."""
MISSED_FOR = 120.0
"""Seconds that no worker is at work before anybody is told: longer than a release takes to start."""
WORKER = "worker"
"""The check of `ivr doctor` that tells the same."""

Send = Callable[[Account, tuple[AlertLine, ...]], Awaitable[None]]
"""Sends a message at once, without the outbox; raises MailFailed or ProviderError, which are both an IvrError."""


class StandIn:
    """Looks whether a worker is at work. `send` are the ways in which messages can be sent without one."""

    def __init__(
        self,
        store: Store,
        send: Mapping[Channel, Send],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._store, self._send, self._clock, self._monotonic = store, send, clock, monotonic
        self._missed_since: float | None = None

    async def watch(self, stop: asyncio.Event) -> None:
        """Look every few seconds until `stop` is set."""
        while not await stopped_within(stop, EVERY):
            try:
                await self.look()
            except DatabaseUnavailable:
                continue  # which readiness and the log tell

    async def look(self) -> None:
        """Look once, and tell staff if no worker has been at work for a while. Raises DatabaseUnavailable."""
        async with self._store.read() as db:
            works = await heartbeat.is_alive(db, heartbeat.WORKER, self._clock(), heartbeat.WORKER_DEAD_AFTER)
        if works:
            self._missed_since = None
            return
        if self._missed_since is None:
            self._missed_since = self._monotonic()
        if self._monotonic() - self._missed_since >= MISSED_FOR:
            await self.tell()

    async def tell(self) -> None:
        """Tell whoever is to know, unless another process has. Raises DatabaseUnavailable."""
        now, problem = self._clock(), Problem(WORKER, urgent=True, says=NO_WORKER.says, mend=NO_WORKER.mend)
        ways = Ways(text=Channel.text in self._send, email=Channel.email in self._send)
        async with self._store.begin() as db:
            await alerts.lock(db)
            await alerts.record(db, [problem], [WORKER], now)
            alert = next(one for one in await alerts.read(db) if one.name == WORKER)
            if not _is_due(alert, now):
                return
            cipher = self._store.cipher
            told = [
                (account, await alert_messages.channels(db, cipher, account, ways))
                for account in await alert_messages.recipients(db, cipher, problem.role, ways)
            ]
            await alerts.mark_told(db, alert, now)  # committed before: another process says nothing
        log.error("alert told: name=%s people=%d says=%r", alert.name, len(told), problem.says)
        for account, channels in told:
            await self._tell_one(alert, account, channels, now)

    async def _tell_one(self, alert: Alert, account: Account, channels: list[Channel], now: datetime) -> None:
        lines = (line_of(alert),)
        used = None
        for channel in channels:
            try:
                await self._send[channel](account, lines)
            except IvrError as error:
                log.error("alert not delivered: account=%s channel=%s reason=%r", account.id, channel, str(error))
            else:
                used = channel
                break
        async with self._store.begin() as db:
            await alert_messages.add_told(db, self._store.cipher, account, lines, [alert.name], now, used)


def _is_due(alert: Alert, now: datetime) -> bool:
    """Return whether it is to be told: this process has waited long enough, whenever another first wrote it down."""
    is_new = alert.told is None and not alert.is_muted(now)
    return is_new or alert.is_to_be_told(now)
