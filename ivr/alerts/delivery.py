"""Sends the e-mails to staff, and sees that each message comes: what cannot go one way goes the other."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from ivr.helpline.alert_lines import email_of, subject_of
from ivr.mail import MailFailed
from ivr.store import alert_messages
from ivr.store.accounts import Channel
from ivr.store.alert_messages import FAILED, SENT, TEXT_TAKES, Message, Ways
from ivr.store.database import Store
from ivr.store.sms_states import SmsState

log = logging.getLogger(__name__)

LEASE, AGAIN = timedelta(minutes=2), timedelta(minutes=15)
"""How long a worker has for its e-mails, and after how long one is tried again."""
BELIEVED_AFTER = timedelta(hours=1)
"""A text that the provider took, and of which it says nothing for so long, is believed to have come."""


class Mailer(Protocol):
    """Sends e-mails; raises MailFailed."""

    def send(self, to: str, subject: str, text: str, now: datetime) -> Awaitable[None]:
        """Send one."""


class Delivery:
    """Any number may run at once: e-mails are claimed. `mailer` is None where no e-mails can be sent."""

    def __init__(self, store: Store, mailer: Mailer | None, ways: Ways, clock: Callable[[], datetime]) -> None:
        self._store, self._mailer, self._ways, self._clock = store, mailer, ways, clock

    async def deliver(self) -> int:
        """Send what is due; return how many e-mails there were. Raises DatabaseUnavailable."""
        async with self._store.begin() as db:
            emails = await alert_messages.claim_emails(db, self._store.cipher, self._clock(), LEASE)
            texts = await alert_messages.texts_on_their_way(db, self._store.cipher)
        for message in emails:
            await self._send(message)
        for message in texts:
            await self._follow(message)
        return len(emails)

    async def _send(self, message: Message) -> None:
        to, lines = message.account.email, message.lines
        if self._clock() >= message.good_until:
            await self._other_way(message, "it is of no use any more", final=True)
            return
        if self._mailer is None or to is None or lines is None:
            await self._other_way(message, "no e-mail can be sent", final=True)
            return
        try:
            await self._mailer.send(to, subject_of(lines), email_of(lines), self._clock())
        except MailFailed as error:
            await self._other_way(message, str(error), final=False)
        else:
            async with self._store.begin() as db:
                await alert_messages.settle(db, message.id, SENT, self._clock())

    async def _follow(self, message: Message) -> None:
        """See what became of a text: one that has not gone out after some minutes goes by e-mail too."""
        now = self._clock()
        state, since_due = message.text_state, now - message.due
        if state is SmsState.delivered or (state is SmsState.sent and since_due >= BELIEVED_AFTER):
            async with self._store.begin() as db:
                await alert_messages.settle(db, message.id, SENT, now)
        elif state in (None, SmsState.failed):
            await self._other_way(message, "the text failed", final=True)
        elif state is not SmsState.sent and since_due >= TEXT_TAKES and message.channels_tried == 1:
            await self._other_way(message, "the text has not gone out", final=False)

    async def _other_way(self, message: Message, reason: str, *, final: bool) -> None:
        now = self._clock()
        async with self._store.begin() as db:
            is_of_use = now < message.good_until
            goes = is_of_use and await alert_messages.other_way(db, self._store.cipher, message, now, self._ways)
            if not goes and final:
                await alert_messages.settle(db, message.id, FAILED, now)
            elif not goes and message.channel is Channel.email:
                await alert_messages.put_off(db, message.id, now + AGAIN, now)
        if goes:
            log.warning("alert sent the other way: id=%s failed=%s reason=%r", message.id, message.channel, reason)
        elif final:
            log.error("alert not delivered: id=%s channel=%s reason=%r", message.id, message.channel, reason)
        elif message.channel is Channel.email:
            log.warning("alert not delivered yet: id=%s reason=%r", message.id, reason)
