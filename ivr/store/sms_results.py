"""What became of a text: as the provider answered, as it told later, or as staff wish.

Status callbacks come late, twice, in any order, and before the answer to our own request: old news changes nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import daily_counts, opt_outs, provider_resources
from ivr.store.backoff import backoff
from ivr.store.quotas import HOUR
from ivr.store.sms_states import IN_FLIGHT, UNSETTLED, SmsState, move
from ivr.store.tables import sms_outbox

FIRST_WAIT = timedelta(minutes=1)
OF_USE = timedelta(days=3)
"""How long a text that a caller asked for is of use: over a long weekend, but not until next week."""


async def sent(db: AsyncConnection, id: str, sid: str, now: datetime) -> None:
    """Record that the provider has it, under this SID."""
    await _is_news(db, id, sid, now)
    await move(db, id, UNSETTLED, SmsState.sent, now, reason=None)


async def failed(db: AsyncConnection, id: str, reason: str, now: datetime, *, opted_out: bool = False) -> None:
    """Record that it cannot be sent, for a reason that staff can read; `opted_out` if that is a STOP."""
    if await move(db, id, UNSETTLED, SmsState.failed, now, reason=reason) and opted_out:
        await _opt_out(db, id, now)


async def put_off(db: AsyncConnection, id: str, due: datetime, now: datetime, reason: str | None = None) -> None:
    """Send it later: the provider certainly did not take it, for this reason if it is known."""
    why = {"reason": reason} if reason else {}
    await move(db, id, IN_FLIGHT, SmsState.waiting, now, due=due, **why)


async def hand_back(db: AsyncConnection, id: str, now: datetime, reason: str) -> None:
    """Undo a claim: the provider takes no text now, whosever it is. It keeps its turn, and no attempt is counted."""
    await move(db, id, IN_FLIGHT, SmsState.waiting, now, attempts=sms_outbox.c.attempts - 1, reason=reason)


async def unknown(db: AsyncConnection, id: str, look_at: datetime, now: datetime, reason: str | None = None) -> None:
    """Record that the provider may have taken it: it is looked for unless a callback comes first."""
    why = {"reason": reason} if reason else {}
    await move(db, id, IN_FLIGHT, SmsState.unknown, now, look_at=look_at, **why)


async def looked(db: AsyncConnection, id: str, look_at: datetime, now: datetime) -> int:
    """Look again later for what was not found; return how often we have looked since it was last sent."""
    still = (sms_outbox.c.id == id) & (sms_outbox.c.state == SmsState.unknown)
    once_more = update(sms_outbox).where(still).values(looks=sms_outbox.c.looks + 1, look_at=look_at, changed=now)
    return await db.scalar(once_more.returning(sms_outbox.c.looks)) or 0


async def send_again(db: AsyncConnection, id: str, now: datetime) -> None:
    """Send it once more, and count that: it is not in the provider's list, so it was not taken."""
    again = {"due": now, "looks": 0, "resent": sms_outbox.c.resent + 1}
    if await move(db, id, (SmsState.unknown,), SmsState.waiting, now, **again):
        await daily_counts.add_one(db, "text resent", now)


async def retry(db: AsyncConnection, id: str, now: datetime) -> bool:
    """Send a failed text again, as staff wish, as if it were promised now; return False if it has not failed."""
    anew = {"due": now, "good_until": now + OF_USE, "sid": None, "attempts": 0, "resent": 0, "looks": 0, "reason": None}
    return await move(db, id, (SmsState.failed,), SmsState.waiting, now, **anew)


async def delivery(
    db: AsyncConnection,
    id: str,
    sid: str,
    status: str,
    error: str | None,
    now: datetime,
    *,
    opted_out: bool = False,
    is_passing: bool = False,
) -> None:
    """Record a status callback (https://www.twilio.com/docs/messaging/api/message-resource#message-status-values).

    It may come late, twice, in any order, and before the answer to our own request. `error` is for staff to read;
    `opted_out` if it is a STOP; `is_passing` if the text is to be sent again later.
    """
    is_news = await _is_news(db, id, sid, now)
    if status in ("delivered", "read"):
        await move(db, id, (*UNSETTLED, SmsState.sent, SmsState.failed), SmsState.delivered, now, reason=None)
    elif not is_news:
        return
    elif status not in ("undelivered", "failed", "canceled"):
        await move(db, id, UNSETTLED, SmsState.sent, now, reason=None)
    elif is_passing:
        await _wait(db, id, error, now)
    elif await move(db, id, (*UNSETTLED, SmsState.sent), SmsState.failed, now, reason=error or status) and opted_out:
        await _opt_out(db, id, now)


async def _is_news(db: AsyncConnection, id: str, sid: str, now: datetime) -> bool:
    """Store the SID; return whether it is that of the last attempt, and not of one that was replaced since.

    What was erased or purged meanwhile is to be deleted at the provider at once.
    """
    which = sms_outbox.c.id == id
    row = (
        await db.execute(select(sms_outbox.c.blind_index, sms_outbox.c.sid).where(which).with_for_update())
    ).one_or_none()
    owner, due = (row.blind_index, None) if row else (None, now)
    is_new = await provider_resources.add(db, "message", sid, owner, now, due=due)
    if row and is_new:
        await db.execute(update(sms_outbox).where(which, sms_outbox.c.sid.is_(None)).values(sid=sid))
    return row is not None and (row.sid == sid or (row.sid is None and is_new))


async def _wait(db: AsyncConnection, id: str, reason: str | None, now: datetime) -> None:
    """Send it again later: the provider took it, and then could not send it for a reason that passes."""
    attempts = await db.scalar(select(sms_outbox.c.attempts).where(sms_outbox.c.id == id)) or 1
    due = now + backoff(attempts, FIRST_WAIT, HOUR)
    await move(db, id, (*UNSETTLED, SmsState.sent), SmsState.waiting, now, due=due, sid=None, reason=reason)


async def _opt_out(db: AsyncConnection, id: str, now: datetime) -> None:
    """Opt out whom a text was for: the provider says that they said STOP."""
    blind_index = await db.scalar(select(sms_outbox.c.blind_index).where(sms_outbox.c.id == id))
    if blind_index is not None:
        await opt_outs.opt_out(db, blind_index, now)
