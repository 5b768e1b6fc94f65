"""Waits until everything that is due has been done."""

import asyncio
from contextlib import suppress
from time import monotonic

from sqlalchemy import select

from ivr.errors import DatabaseUnavailable
from ivr.store.tables import voicemails
from ivr.store.voicemail_list import VoicemailState
from tests.chaos.promises import unsettled_texts
from tests.chaos.run import Run

SETTLING_TIMEOUT = 30.0
"""Real seconds within which everything that is due must be settled."""


async def wait_until_settled(run: Run) -> None:
    """Wait until every due text is settled and every voicemail is downloaded, or until a timeout."""
    await run.environment.provider_api.callbacks_delivered()
    deadline = monotonic() + SETTLING_TIMEOUT
    while monotonic() < deadline:
        with suppress(DatabaseUnavailable):
            if not await unsettled_texts(run) and not await _not_downloaded(run):
                return
        await asyncio.sleep(0.2)


async def _not_downloaded(run: Run) -> set[str]:
    """Return the voicemails that advisers are or will be shown and whose audio is missing."""
    wanted = voicemails.c.state.in_((VoicemailState.sent, VoicemailState.recorded)) & voicemails.c.sound.is_(None)
    async with run.store.begin() as db:
        return set(await db.scalars(select(voicemails.c.id).where(wanted)))
