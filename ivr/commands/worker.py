"""`ivr worker`: sends what was promised, rings advisers, and forgets what has had its time."""

import asyncio
import signal
from typing import TYPE_CHECKING

from ivr import log
from ivr.config import Settings, read_settings
from ivr.errors import SettingsError

if TYPE_CHECKING:
    from ivr.store.database import Store
    from ivr.telephony.rest import Provider
    from ivr.worker.call_distributor import CallDistributor
    from ivr.worker.sms_sender import SmsSender

PATIENCE = 10.0
"""Seconds for the database: nobody is on the telephone, but what is done is done in small steps."""
LONGEST_ANSWER = 10.0
"""Seconds for the provider."""
LONGEST_ANSWER_WHILE_WAITING = 5.0
"""Seconds for the provider while a caller waits for an adviser to be rung."""


def worker() -> None:
    """Ring advisers, send texts and reminders, and do the housekeeping, until stopped; any number of workers may run.

    Stopped with Ctrl-C or SIGTERM, it finishes what it has begun. Example: `ivr worker`.
    """
    log.begin()
    asyncio.run(_until_stopped(read_settings()))


async def _until_stopped(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    await working(settings, stop)


async def working(settings: Settings, stop: asyncio.Event) -> None:
    """Work with these settings until `stop` is set; raises SettingsError if there is neither text nor call to make."""
    from contextlib import AsyncExitStack

    from ivr.app import alerts_of, load
    from ivr.store.database import Store
    from ivr.telephony.rest import Provider
    from ivr.worker.scheduler import work

    if not (settings.can_text or settings.can_ring):
        raise SettingsError(
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set, and IVR_SMS_FROM to send texts,"
            " or IVR_CALLER_ID to ring advisers"
        )
    async with AsyncExitStack() as open_:

        async def provider(timeout: float) -> Provider:
            account = settings.account_sid, settings.auth_token, settings.api_url
            return await open_.enter_async_context(Provider(*account, timeout))

        store = await open_.enter_async_context(Store(settings.database_url, settings.secrets, PATIENCE))
        # An answer is not waited for longer than news would be.
        texting = await provider(min(LONGEST_ANSWER, settings.patience_unknown))
        hunter = _hunter(settings, store, await provider(LONGEST_ANSWER_WHILE_WAITING)) if settings.can_ring else None
        alerts = alerts_of(load(settings.content), settings)
        await work(store, texting, sender_of(settings), settings.clock, stop, hunter, alerts)


def sender_of(settings: Settings) -> "SmsSender | None":
    """Who sends texts with these settings, if anybody does."""
    from datetime import timedelta

    from ivr.worker.sms_sender import SmsSender

    if not settings.can_text or settings.sms_from is None:
        return None
    return SmsSender(
        number=settings.sms_from,
        public_url=settings.public_url,
        secrets=settings.secrets,
        per_second=settings.texts_per_second,
        patience=timedelta(seconds=settings.patience_unknown),
    )


def _hunter(settings: Settings, store: "Store", provider: "Provider") -> "CallDistributor":
    from ivr.app import load
    from ivr.helpline.rota import of_setting
    from ivr.helpline.whisper import OFFER
    from ivr.worker.adviser_call import AdviserCaller
    from ivr.worker.call_distributor import CallDistributor

    advisers = of_setting(settings.advisers)
    offer = load(settings.content).flows.step_of_kind(OFFER)
    ringer = AdviserCaller(
        settings.caller_id or "", settings.public_url, settings.secrets, offer, advisers, settings.clock
    )
    return CallDistributor(store, provider, ringer, settings.clock)
