"""Can the database be read and written, and are its tables those of this release?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import Finding, Subject, check, error, of_notice
from ivr.errors import DatabaseUnavailable
from ivr.store import state
from ivr.store.heartbeat import record_heartbeat


class _TakenBack(Exception):
    """Ends a transaction that is not to be committed."""


@check
async def database(subject: Subject) -> AsyncIterator[Finding]:
    """The database of DATABASE_URL is there, has the tables of this release, and can be written to."""
    if missing := await state.missing_database(subject.store):
        yield of_notice(missing)
        return
    try:
        async with subject.store.begin() as db:
            await record_heartbeat(db, "doctor", subject.now)
            raise _TakenBack
    except _TakenBack:
        return
    except DatabaseUnavailable as failure:
        says = f"the database can be read and not written to: {failure}"
        yield error(says, "see that its disk is not full or read-only, and that the user may write")
