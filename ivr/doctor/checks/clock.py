"""Can the clock of the worker's machine be believed?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import Finding, Subject, check, error
from ivr.store import last_seen


@check
async def clock(subject: Subject) -> AsyncIterator[Finding]:
    """The clock of a worker's machine is believed, so that reminders are sent and what is old is deleted."""
    async with subject.store.read() as db:
        is_doubted = await last_seen.is_doubted(db)
    if is_doubted:
        says = "the clock of a worker's machine cannot be believed: no reminder is sent, and nothing is deleted"
        yield error(says, "set it (`timedatectl status`), or, if it is right, `ivr clock --accept`")
