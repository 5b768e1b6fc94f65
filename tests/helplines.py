"""Calls the real helpline on a database, and reads what the caller's effects stored there."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from starlette.types import ASGIApp

from ivr.simulator.phone import Phone
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store import callback_list, sms_states
from ivr.store.callback_list import CallbackItem
from ivr.store.sms_states import OutboxText
from ivr.store.tables import reminders
from ivr.store.tables import sms_outbox as texts_table
from tests.app_factory import PATIENT, AppFactory, app_factory
from tests.phone_calls import AT, CALLER, LAST_DAY, TO_THE_TEXT, rings, telephone
from tests.test_calls import settings

TEXTING = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "IVR_SMS_FROM": SENDER}
"""The settings without which no text is sent."""
FROM_NOBODY = ("0", "3")
"""To the offer of a text, when no adviser has answered."""
A_TEXT = (*FROM_NOBODY, "1", "1")
REMINDERS = (*LAST_DAY, *TO_THE_TEXT, "1", "1", "1")
NO_REMINDERS = (*FROM_NOBODY, "3")
A_CALL_BACK = ("0", "1", "1", "1", "1", "2")
LANDLINE, WITHHELD = "+441632960123", "anonymous"


@dataclass
class Helplines:
    """Helplines on one database: each one built stands for another process."""

    url: str
    open: AppFactory
    more: Mapping[str, str]

    def __post_init__(self) -> None:
        self.store = self.open.store(self.url, settings())

    def helpline(self, at: datetime = AT, more: Mapping[str, str] | None = None) -> ASGIApp:
        """Return the application, its clock stopped."""
        return self.open.helpline(settings({"DATABASE_URL": self.url, **TEXTING, **self.more, **(more or {})}), at)

    async def rings(self, *keys: str, at: datetime = AT, caller: str = CALLER, app: ASGIApp | None = None) -> Phone:
        """Call, and press these keys."""
        return await rings(telephone(app=app or self.helpline(at), caller=caller), *keys)

    async def texts(self) -> list[OutboxText]:
        """Return every text in the outbox, in no order."""
        async with self.store.begin() as db:
            return [sms_states.read(row, self.store.cipher) for row in await db.execute(select(texts_table))]

    async def text(self) -> OutboxText:
        """Return the only text."""
        [text] = await self.texts()
        return text

    async def reminders(self) -> list[tuple[str, datetime, str]]:
        """Return number, time and body of every reminder, the first due first."""
        cipher = self.store.cipher
        async with self.store.begin() as db:
            rows = (await db.execute(select(reminders).order_by(reminders.c.due))).all()
        return [(cipher.decrypt(row.number), row.due, cipher.decrypt(row.body)) for row in rows]

    async def callbacks(self, at: datetime = AT) -> list[CallbackItem]:
        """Return the callback list."""
        async with self.store.begin() as db:
            return await callback_list.read(db, self.store.cipher, at)

    async def count_effects(self) -> int:
        """Return how many texts, reminders and callbacks there are."""
        return len(await self.texts()) + len(await self.reminders()) + len(await self.callbacks())


@asynccontextmanager
async def helplines_on(url: str, patience: float = PATIENT, **more: str) -> AsyncIterator[Helplines]:
    """Yield helplines on this database, with these settings besides the usual."""
    async with app_factory(patience) as open:
        yield Helplines(url, open, more)
