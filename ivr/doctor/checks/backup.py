"""Was a backup taken lately?"""

from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import func, select

from ivr.doctor.registry import Finding, Subject, check, warning
from ivr.helpline.timezone import LONDON
from ivr.store import heartbeat
from ivr.store.tables import audit_log

MEND = "`ivr backup FOLDER/` every night (docs/backup.md), or IVR_BACKUP_HOURS=0 where others see to it"


@check
async def backup(subject: Subject) -> AsyncIterator[Finding]:
    """The last backup by `ivr backup` is no older than IVR_BACKUP_HOURS."""
    longest = timedelta(hours=subject.settings.backup_hours)
    if not longest:
        return
    async with subject.store.read() as db:
        last = await heartbeat.last_heartbeat(db, heartbeat.BACKUP)
        in_use_since = await db.scalar(select(func.min(audit_log.c.at)))
    since = last or in_use_since
    if since is None or subject.now - since <= longest:
        return
    says = f"the last backup is of {last.astimezone(LONDON):%a %d %b %Y %H:%M}" if last else "no backup was ever taken"
    yield warning(says, MEND)
