"""A helpline with a made-up month behind it, for a real browser: its services are opened in the server's own thread."""

from asyncio import sleep, to_thread
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from ivr.console.faults import Fault, Faults
from ivr.console.ringing import Ringing
from ivr.console.services import Services
from ivr.demo.fill import fill
from ivr.helpline.text_destinations import TextDestinations
from ivr.loader import Helpline, load
from ivr.staff.adviser_line import AdviserLine
from ivr.staff.emergency import MessageCheck
from ivr.staff.outgoing_texts import Texting
from ivr.store import rota
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.migrate import migrate
from ivr.store.tables import voicemails
from ivr.telephony.wav import silence
from ivr.tokens import CallStateTokens
from ivr.wiring import build_quotas
from tests.app_factory import PATIENT
from tests.fake_provider import FakeProvider
from tests.web.webhooks import SETTINGS, SHOWN

MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
URL = "https://helpline.example"
CALLS, DAYS = 4000, 30


def made_up(
    folder: Path, fake: FakeProvider, *, calls: int = CALLS, dev: bool = True
) -> Callable[[], Awaitable[Services]]:
    """Return what fills a database in a folder and opens the services of its pages."""
    url, helpline = f"sqlite:///{folder}/helpline.db", load()

    async def open_services() -> Services:
        await to_thread(migrate, url)
        await _fill(url, helpline, calls)
        store = Store(url, SETTINGS.secrets, PATIENT)

        @asynccontextmanager
        async def adviser_line() -> AsyncIterator[AdviserLine]:
            async with fake.client() as provider:
                tokens = CallStateTokens(*SETTINGS.secrets, clock=clock)
                yield AdviserLine(store, provider, tokens, URL, SHOWN, clock, 1.0, sleep)

        return Services(
            store,
            lambda: helpline,
            clock,
            SETTINGS.secrets,
            number="01392 000000",
            texting=Texting(TextDestinations(("+447",)), build_quotas(SETTINGS)),
            ringing=Ringing(adviser_line, helpline.flows.step_of_kind),
            faults=Faults(_faults, clock),
            check_message=_check_message,
            dev=dev,
        )

    return open_services


def clock() -> datetime:
    """Return Monday morning."""
    return MONDAY


async def _check_message(text: str) -> MessageCheck:
    """Take every message, at the pace of 150 words a minute: the linter itself takes seconds."""
    return MessageCheck(len(text.split()) / 2.5, ())


async def _faults() -> list[Fault]:
    return [Fault(False, "backup: the last one was taken nine days ago", "`ivr backup` takes one")]


async def _fill(url: str, helpline: Helpline, calls: int) -> None:
    async with Store(url, SETTINGS.secrets, PATIENT) as store:
        year = fill(store, helpline.flows, helpline.version, silence(1.5), calls=calls, seed=4, last=MONDAY, days=DAYS)
        async for _ in year:
            pass
        async with store.begin() as db:
            waiting = select(voicemails.c.id).where(voicemails.c.state == "sent")
            await db.execute(update(voicemails).where(voicemails.c.id.in_(waiting)).values(seconds=2))
            await rota.set_away(db, "Tom Hall", True, By("Ann", MONDAY - timedelta(days=3)))
