"""Sends letters to staff by e-mail, if there is a mail server."""

import asyncio
import logging
from datetime import datetime
from typing import Protocol

from ivr.errors import IvrError
from ivr.staff.letters import Letter

log = logging.getLogger(__name__)


class Mailer(Protocol):
    """A mail server."""

    async def send(self, to: str, subject: str, text: str, now: datetime) -> None:
        """Send an e-mail; raise IvrError, which tells nothing of it."""


class Post:
    """Sends letters; without a mailer it sends none."""

    def __init__(self, mailer: Mailer | None = None) -> None:
        self._mailer = mailer
        self._sending: set[asyncio.Task[bool]] = set()

    @property
    def can_send(self) -> bool:
        """Return whether there is a mail server."""
        return self._mailer is not None

    async def send(self, letter: Letter, now: datetime) -> bool:
        """Send a letter; return False, and log why, if it was not sent."""
        if self._mailer is None:
            return False
        try:
            await self._mailer.send(letter.to, letter.subject, letter.text, now)
        except IvrError as error:
            log.error("console: %s", error)
            return False
        return True

    def send_later(self, letter: Letter, now: datetime) -> None:
        """Send a letter in the background: how long a page takes does not tell whether there is somebody to send to."""
        task = asyncio.create_task(self.send(letter, now))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def sent(self) -> None:
        """Wait for all that is being sent."""
        await asyncio.gather(*self._sending)
