"""The whole application on a database of its own, asked as the provider would ask it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
from sqlalchemy import Row, Table, select, text
from starlette.types import ASGIApp

from ivr.app import build
from ivr.errors import DatabaseUnavailable
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store import sms_states
from ivr.store.call_events import CallRecord, settle_recent
from ivr.store.call_events import read as read_call
from ivr.store.database import Store, engine_for
from ivr.store.sms_states import OutboxText
from ivr.store.tables import call_events, metadata
from ivr.store.tables import sms_outbox as texts_table
from tests.app_factory import PATIENT
from tests.web.webhooks import CALLER, NOW, SETTINGS, URL, action, ask, form_of

SHORT = 0.2
DOWN = "postgresql://nobody@127.0.0.1:1/none"
"""Nothing listens there."""

TEXTING = {"account_sid": ACCOUNT_SID, "sms_from": SENDER}
"""What it takes to promise texts at all."""


@dataclass
class Clock:
    """Stands still until it is wound."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


@dataclass
class RunningApp:
    """The application, and a way of our own into its database."""

    app: ASGIApp
    store: Store
    clock: Clock = field(default_factory=Clock)

    async def post(self, path: str, form: dict[str, str], signature: str | None = None) -> httpx2.Response:
        """One webhook."""
        return await ask(self.app, f"{URL}{path}", form, signature=signature)

    async def rings(self, call: str, *keys: str, **fields: str) -> httpx2.Response:
        """A call and the keys pressed in it; the answer to the last."""
        response = await self.post("/voice", form_of(call, **fields))
        for one in keys:
            response = await ask(self.app, action(response), form_of(call, Digits=one, **fields))
        return response

    async def rows(self, table: Table) -> list[Row[Any]]:
        """All of a table."""
        return await rows_of(self.store, table)

    async def texts(self) -> list[OutboxText]:
        """Every text as it stands, in no order."""
        return [sms_states.read(row, self.store.cipher) for row in await self.rows(texts_table)]

    async def settle(self) -> None:
        """Settle every call that has ended, as it is done a moment later by itself."""
        async with self.store.begin() as db:
            await settle_recent(db, self.clock())

    async def record(self, call: str) -> CallRecord:
        """The record of a call, by its events until now."""
        async with self.store.begin() as db:
            found = await read_call(db, self.store.cipher.blind_index(call))
        assert found, f"no event of {call}"
        return found

    async def steps(self, call: str) -> list[tuple[str, str]]:
        """The events of a call, in the order in which they were written: the step and what happened."""
        blind_index = self.store.cipher.blind_index(call)
        return [(row.step, row.happened) for row in await self.rows(call_events) if row.call == blind_index]


async def rows_of(store: Store, table: Table) -> list[Row[Any]]:
    """All of a table, by its first column."""
    async with store.begin() as db:
        return list((await db.execute(select(table).order_by(*table.primary_key.columns))).all())


@asynccontextmanager
async def running_app(url: str, patience: float = PATIENT, **settings: object) -> AsyncIterator[RunningApp]:
    """The application while it lives, with these settings besides the usual."""
    clock = Clock()
    chosen = SETTINGS.model_copy(update={"database_url": url, **TEXTING, **settings})
    app = build(chosen, clock, patience=patience)
    async with Store(url, chosen.secrets, PATIENT) as store, app.router.lifespan_context(app):
        with suppress(DatabaseUnavailable):
            async with store.begin():  # a number is looked up by a key of the database
                pass
        yield RunningApp(app, store, clock)


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """Somebody else has the whole database and does not let go."""
    engine = engine_for(url, PATIENT)
    async with engine.connect() as other, other.begin() as theirs:
        if other.dialect.name == "postgresql":
            await other.execute(text(f"lock table {', '.join(metadata.tables)} in access exclusive mode"))
        yield
        await theirs.rollback()
    await engine.dispose()


def has_number(logged: str) -> bool:
    """Whether a caller's number stands in a log, however it is written."""
    return CALLER[-9:] in "".join(filter(str.isdigit, logged))
