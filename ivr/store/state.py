"""What of the database, and of the work that is done in it, callers miss, with what mends it."""

from datetime import datetime

from ivr.errors import DatabaseUnavailable, SchemaNotMigrated, SchemaTooNew, SecretDoesNotFit
from ivr.helpline.notices import Notice
from ivr.store.database import Store
from ivr.store.heartbeat import SMS_SENDER, WORKER, WORKER_DEAD_AFTER, is_alive
from ivr.store.schema_version import check_schema

NO_WORKER = Notice(
    "no worker is at work, so texts and reminders wait, and recordings are not fetched",
    "start `ivr worker`, or `ivr serve` without --no-worker",
)
NO_SENDER = Notice(
    "no worker sends texts, and they wait", "set TWILIO_ACCOUNT_SID and IVR_SMS_FROM where `ivr worker` runs"
)


async def missing_database(store: Store) -> Notice | None:
    """Return why nothing can be promised to callers: a database that cannot be used, or its tables are not ours."""
    try:
        async with store.read() as db:
            await check_schema(db)  # each time: another release may have migrated it since
    except SchemaNotMigrated as error:
        return Notice(str(error), "`ivr migrate`")
    except SchemaTooNew as error:
        return Notice(str(error), "Run that release")
    except SecretDoesNotFit as error:
        return Notice(str(error), "set the one that its other processes have")
    except DatabaseUnavailable as error:
        return Notice(str(error), "see that it runs, and that DATABASE_URL names it")
    return None


async def missing_worker(store: Store, now: datetime, *, texts: bool) -> Notice | None:
    """Return why promises are not being kept: no worker lives, or none that sends `texts`.

    A database that cannot be read is told of by `missing_database`.
    """
    try:
        async with store.read() as db:
            works = await is_alive(db, WORKER, now, WORKER_DEAD_AFTER)
            sends = await is_alive(db, SMS_SENDER, now, WORKER_DEAD_AFTER)
    except DatabaseUnavailable:
        return None
    if not works:
        return NO_WORKER
    return NO_SENDER if texts and not sends else None
