"""Is a worker at work?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import NO_DATABASE, Finding, Subject, check, of_notice, skipped
from ivr.store import state


@check
async def worker(subject: Subject) -> AsyncIterator[Finding]:
    """A worker has been at work in the last half minute, and one sends texts if callers are promised any."""
    settings = subject.settings
    if not (settings.can_text or settings.can_ring):
        yield skipped("no worker has anything to do", "TWILIO_ACCOUNT_SID turns on texts and calls to advisers")
    elif await state.missing_database(subject.store):
        yield NO_DATABASE
    elif missing := await state.missing_worker(subject.store, subject.now, texts=settings.can_text):
        yield of_notice(missing)
