"""`ivr worker`: sends what was promised, and forgets what has had its time."""

import asyncio
import signal

from ivr.config import Settings, read_settings
from ivr.errors import SettingsError

PATIENCE = 10.0
"""Seconds for the database: nobody is on the telephone, but what is done is done in small steps."""
LONGEST_ANSWER = 10.0
"""Seconds for the provider."""


def worker() -> None:
    """Send texts and reminders and do the housekeeping, until stopped; any number of workers may run.

    Stopped with Ctrl-C or SIGTERM, it finishes what it has begun. Example: `ivr worker`.
    """
    asyncio.run(_until_stopped(read_settings()))


async def _until_stopped(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    await working(settings, stop)


async def working(settings: Settings, stop: asyncio.Event) -> None:
    """Work with these settings until `stop` is set; raises SettingsError if there is nobody to send texts by."""
    from datetime import timedelta

    from ivr.store.database import Store
    from ivr.telephony.rest import Provider
    from ivr.worker.loop import work
    from ivr.worker.sender import Sender

    if not settings.can_text or settings.sms_from is None:
        raise SettingsError("TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and IVR_SMS_FROM must be set to send texts")
    sender = Sender(
        number=settings.sms_from,
        public_url=settings.public_url,
        secrets=settings.secrets,
        per_second=settings.texts_per_second,
        patience=timedelta(seconds=settings.patience_unknown),
    )
    # An answer is not waited for longer than news would be.
    timeout = min(LONGEST_ANSWER, settings.patience_unknown)
    async with (
        Store(settings.database_url, settings.secrets, PATIENCE) as store,
        Provider(settings.account_sid, settings.auth_token, settings.api_url, timeout) as provider,
    ):
        await work(store, provider, sender, settings.clock, stop)
