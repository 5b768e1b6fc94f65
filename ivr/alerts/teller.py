"""Tells staff what is wrong: one message to each, whatever it has to say."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.alerts.lookout import Lookout
from ivr.helpline.alert_lines import AlertLine
from ivr.store import alert_messages, alerts, heartbeat
from ivr.store.accounts import Account
from ivr.store.alert_messages import Ways
from ivr.store.alerts import Alert, Problem
from ivr.store.cipher import Cipher
from ivr.store.database import Store

log = logging.getLogger(__name__)


class Teller:
    """Records what a lookout finds, and adds messages for whoever is to know. Any number may run at once."""

    def __init__(self, store: Store, lookout: Lookout, ways: Ways, clock: Callable[[], datetime]) -> None:
        self._store, self._lookout, self._ways, self._clock = store, lookout, ways, clock

    async def tell(self) -> int:
        """Look, and tell what is to be told now. Raises DatabaseUnavailable."""
        found, now = await self._lookout.found(), self._clock()
        async with self._store.begin() as db:
            await alerts.lock(db)
            await alerts.record(db, found.problems, found.looked, now)
            told = [one for one in await alerts.read(db) if one.is_to_be_told(now)]
            await tell_of(db, self._store.cipher, told, self._ways_now(found.problems), now)
            await heartbeat.record_heartbeat(db, heartbeat.LOOKOUT, now)
        return 0  # it looked at all of them: until the next minute

    def _ways_now(self, problems: Sequence[Problem]) -> Ways:
        """Return the ways without texts while those fail, if there is another."""
        by_email_alone = self._ways.email and any(one.texts_fail for one in problems)
        return Ways(text=False, email=True) if by_email_alone else self._ways


async def tell_of(db: AsyncConnection, cipher: Cipher, told: Sequence[Alert], ways: Ways, now: datetime) -> None:
    """Add a message about these alerts to everybody who is to know of one, and record that they are told."""
    messages: dict[str, tuple[Account, list[Alert]]] = {}
    for alert in told:
        for account in await alert_messages.recipients(db, cipher, alert.problem.role, ways):
            messages.setdefault(account.id, (account, []))[1].append(alert)
        await alerts.mark_told(db, alert, now)
    for account, theirs in messages.values():
        lines, names = list(map(line_of, theirs)), [one.name for one in theirs]
        await alert_messages.add(db, cipher, account, lines, names, now, ways)
    for alert in told:
        _log(alert, sum(alert in theirs for _, theirs in messages.values()))


def line_of(alert: Alert) -> AlertLine:
    """Return what staff are told of an alert."""
    problem = alert.problem
    return AlertLine(problem.says, problem.mend, problem.urgent, is_over=alert.ended is not None)


def _log(alert: Alert, people: int) -> None:
    if alert.ended:
        log.info("alert over: name=%s people=%d", alert.name, people)
        return
    level = logging.ERROR if alert.problem.urgent or not people else logging.WARNING
    log.log(level, "alert told: name=%s people=%d says=%r", alert.name, people, alert.problem.says)
