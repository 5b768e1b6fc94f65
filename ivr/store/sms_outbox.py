"""The outbox: texts to be sent, until the provider has them and for a week after.

    waiting ─ claim ─► sending ─ sent ─► sent ─ delivery ─► delivered
     │ ▲                 │  │                      └──────► failed
     │ ├─ put_off, hand_back ┘├─ failed, give_up ─► failed ─ retry, by staff ─► waiting
     │ └─ send_again ─ unknown ◄─ unknown, expire
     └─ doubt_overdue, doubt_all ─┘

A text is tried until it is of no use any more (`good_until`), however often that is. One that is sent or delivered is
not sent again, unless the provider says that it failed for a reason which passes; old news changes nothing.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import EffectStatus, SendText
from ivr.store import daily_counts, opt_outs, provider_resources
from ivr.store.backoff import backoff
from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.clock_skew import has_fallen_due
from ivr.store.idempotency import run_once
from ivr.store.quota_usage import TEXTS, Requester, Wanted, is_refused
from ivr.store.quotas import DAY, HOUR, Quotas, exceeds_quota
from ivr.store.tables import opt_outs as stopped_numbers
from ivr.store.tables import sms_outbox

log = logging.getLogger(__name__)

A_WHILE = timedelta(seconds=60)
MOST_ROUNDS = 50
"""How often more are picked in one transaction in place of those that cannot be decrypted."""
FIRST_WAIT = timedelta(minutes=1)
OF_USE = timedelta(days=3)
"""How long a text that a caller asked for is of use: over a long weekend, but not until next week."""
SAID_STOP = "they said STOP before it could be sent"
TOO_LATE = "it could not be sent while it was still of use"
NOBODY_KNOWS = "nobody can tell whether it was sent: the provider's list could not be read while it was of use"


class SmsState(StrEnum):
    """The state of a text. `unknown`: the provider may have it or not, and nobody has told us."""

    waiting = "waiting"
    sending = "sending"
    unknown = "unknown"
    sent = "sent"
    delivered = "delivered"
    failed = "failed"


IN_FLIGHT = SmsState.sending, SmsState.unknown
UNSETTLED = SmsState.waiting, *IN_FLIGHT


@dataclass(frozen=True, slots=True)
class OutboxText:
    """One text; `tried` is when the last attempt began, `resent` how often it was sent again for want of a callback."""

    id: str
    to: str = field(repr=False)  # neither may come to stand in a log
    body: str = field(repr=False)
    topic: str
    due: datetime
    state: SmsState
    attempts: int
    sid: str | None
    reason: str | None
    resent: int
    tried: datetime | None
    promised: datetime


async def enqueue(
    db: AsyncConnection,
    cipher: Cipher,
    key: str,
    effect: SendText,
    now: datetime,
    quotas: Quotas,
    due: datetime | None = None,
    requester: Requester | None = None,
) -> EffectStatus:
    """Add a text, to be sent when it is due, or now. The same key again has the same outcome and adds nothing."""
    wanted = Wanted(TEXTS, effect.to, quotas.per_hour)

    async def decide() -> EffectStatus:
        blind_indexes = cipher.blind_indexes(effect.to)
        if await opt_outs.is_opted_out(db, *blind_indexes):
            return EffectStatus.stopped
        if await exceeds_quota(db, quotas, blind_indexes, 1, now):
            return EffectStatus.capped
        if await is_refused(db, cipher, quotas.requester, requester, wanted, now):
            return EffectStatus.capped
        encrypted = cipher.encrypt_number(effect.to) | {"body": cipher.encrypt(effect.body)}
        times = {"due": due or now, "promised": now, "good_until": (due or now) + OF_USE}
        await add(db, str(uuid4()), encrypted, effect.topic, **times, now=now, sent_by=None)
        return EffectStatus.kept

    return EffectStatus(await run_once(db, cipher, key, now, decide))


async def add(
    db: AsyncConnection,
    id: str,
    encrypted: Mapping[str, bytes],
    topic: str,
    *,
    due: datetime,
    promised: datetime,
    good_until: datetime,
    now: datetime,
    sent_by: str | None = None,
) -> None:
    """Add a text, given by its columns `number`, `blind_index` and `body`. It is tried until `good_until`.

    `sent_by` is which of staff sends it, None if the caller asked for it.
    """
    times = {"due": due, "promised": promised, "good_until": good_until, "changed": now}
    row = {"id": id, "topic": topic, "state": SmsState.waiting, "sent_by": sent_by, **encrypted, **times}
    await db.execute(insert(sms_outbox).values(row))
    await daily_counts.add_one(db, "text promised", now)


async def claim(db: AsyncConnection, cipher: Cipher, now: datetime, lease: timedelta, limit: int) -> list[OutboxText]:
    """Claim texts that are due, to send them: no other worker gets them. Commit before sending.

    A worker that has not recorded the result by the end of the lease is taken for dead (`expire`).
    """
    is_due = (sms_outbox.c.state == SmsState.waiting) & has_fallen_due(sms_outbox.c.due, sms_outbox.c.changed, now)
    stopped = sms_outbox.c.blind_index.in_(select(stopped_numbers.c.blind_index))
    await _fail(db, is_due & stopped, SAID_STOP, now)
    ids = await _pick_readable(db, cipher, is_due, sms_outbox.c.due, limit, now)
    claimed = {"state": SmsState.sending, "attempts": sms_outbox.c.attempts + 1, "lease": now + lease, "tried": now}
    return await _take(db, cipher, ids, now, **claimed)


async def give_up(db: AsyncConnection, now: datetime) -> int:
    """Give up the texts that are of no use any more; return how many. To be called with a clock that can be trusted.

    One that may have been sent gets a day longer, for the provider's list to be read. Rows of releases before 0.4 have
    no `good_until`, and a week.
    """
    waiting, unknown_yet = sms_outbox.c.state == SmsState.waiting, sms_outbox.c.state == SmsState.unknown
    given_up = await _fail(db, waiting & _is_useless(now), TOO_LATE, now)
    given_up += await _fail(db, unknown_yet & _is_useless(now - DAY), NOBODY_KNOWS, now)
    await daily_counts.add_one(db, "text given_up", now, given_up)
    return given_up


def _is_useless(now: datetime) -> ColumnElement[bool]:
    is_old = sms_outbox.c.good_until.is_(None) & (sms_outbox.c.promised < now - 7 * DAY)
    return (sms_outbox.c.good_until < now) | is_old


async def doubt_overdue(db: AsyncConnection, now: datetime) -> None:
    """Make texts unknown that were due an hour ago and never tried: they are looked for before they are sent.

    No worker ran for so long, or this is a backup from before they were sent.
    """
    overdue = (sms_outbox.c.state == SmsState.waiting) & (sms_outbox.c.attempts == 0)
    ids = await _pick(db, overdue & (sms_outbox.c.due < now - HOUR), sms_outbox.c.due, None)
    await _update(db, ids, now, state=SmsState.unknown, look_at=now)


async def doubt_all(db: AsyncConnection, now: datetime, look_at: datetime) -> int:
    """Make unknown, to be looked for from then on, all texts that may have been sent since; return how many.

    For a backup that was restored: whatever was due, and whatever was tried before, may be at the provider.
    """
    may_be_sent = (sms_outbox.c.due <= now) | (sms_outbox.c.attempts > 0)
    ids = await _pick(db, (sms_outbox.c.state == SmsState.waiting) & may_be_sent, sms_outbox.c.due, None)
    await _update(db, ids, now, state=SmsState.unknown, look_at=look_at)
    return len(ids)


async def expire(db: AsyncConnection, now: datetime, look_after: timedelta = A_WHILE) -> int:
    """Make texts unknown whose worker died while sending; return how many."""
    lost = (sms_outbox.c.state == SmsState.sending) & has_fallen_due(sms_outbox.c.lease, sms_outbox.c.changed, now)
    ids = await _pick(db, lost, sms_outbox.c.lease, None)
    await _update(db, ids, now, state=SmsState.unknown, lease=None, look_at=now + look_after, looks=0)
    return len(ids)


async def to_look_for(
    db: AsyncConnection, cipher: Cipher, now: datetime, limit: int, lease: timedelta = A_WHILE
) -> list[OutboxText]:
    """Claim unknown texts, to look for them at the provider: no other worker gets them meanwhile."""
    is_due = (sms_outbox.c.state == SmsState.unknown) & has_fallen_due(sms_outbox.c.look_at, sms_outbox.c.changed, now)
    ids = await _pick_readable(db, cipher, is_due, sms_outbox.c.look_at, limit, now)
    return await _take(db, cipher, ids, now, look_at=now + lease)


async def has_twin_on_its_way(db: AsyncConnection, cipher: Cipher, text: OutboxText) -> bool:
    """Return whether the same body is being sent to the same number: the provider's list may hold that other text."""
    others = (
        (sms_outbox.c.state == SmsState.sending)
        & sms_outbox.c.blind_index.in_(cipher.blind_indexes(text.to))
        & (sms_outbox.c.id != text.id)
    )
    bodies = await db.scalars(select(sms_outbox.c.body).where(others))
    return text.body in [cipher.decrypt_or_none(body) for body in bodies]


async def sent(db: AsyncConnection, id: str, sid: str, now: datetime) -> None:
    """Record that the provider has it, under this SID."""
    await _is_news(db, id, sid, now)
    await _move(db, id, UNSETTLED, SmsState.sent, now, reason=None)


async def failed(db: AsyncConnection, id: str, reason: str, now: datetime, *, opted_out: bool = False) -> None:
    """Record that it cannot be sent, for a reason that staff can read; `opted_out` if that is a STOP."""
    if await _move(db, id, UNSETTLED, SmsState.failed, now, reason=reason) and opted_out:
        await _opt_out(db, id, now)


async def put_off(db: AsyncConnection, id: str, due: datetime, now: datetime, reason: str | None = None) -> None:
    """Send it later: the provider certainly did not take it, for this reason if it is known."""
    why = {"reason": reason} if reason else {}
    await _move(db, id, IN_FLIGHT, SmsState.waiting, now, due=due, **why)


async def hand_back(db: AsyncConnection, id: str, now: datetime, reason: str) -> None:
    """Undo a claim: the provider takes no text now, whosever it is. It keeps its turn, and no attempt is counted."""
    await _move(db, id, IN_FLIGHT, SmsState.waiting, now, attempts=sms_outbox.c.attempts - 1, reason=reason)


async def unknown(db: AsyncConnection, id: str, look_at: datetime, now: datetime, reason: str | None = None) -> None:
    """Record that the provider may have taken it: it is looked for unless a callback comes first."""
    why = {"reason": reason} if reason else {}
    await _move(db, id, IN_FLIGHT, SmsState.unknown, now, look_at=look_at, **why)


async def looked(db: AsyncConnection, id: str, look_at: datetime, now: datetime) -> int:
    """Look again later for what was not found; return how often we have looked since it was last sent."""
    still = (sms_outbox.c.id == id) & (sms_outbox.c.state == SmsState.unknown)
    once_more = update(sms_outbox).where(still).values(looks=sms_outbox.c.looks + 1, look_at=look_at, changed=now)
    return await db.scalar(once_more.returning(sms_outbox.c.looks)) or 0


async def send_again(db: AsyncConnection, id: str, now: datetime) -> None:
    """Send it once more, and count that: it is not in the provider's list, so it was not taken."""
    again = {"due": now, "looks": 0, "resent": sms_outbox.c.resent + 1}
    if await _move(db, id, (SmsState.unknown,), SmsState.waiting, now, **again):
        await daily_counts.add_one(db, "text resent", now)


async def retry(db: AsyncConnection, id: str, now: datetime) -> bool:
    """Send a failed text again, as staff wish, as if it were promised now; return False if it has not failed."""
    anew = {"due": now, "good_until": now + OF_USE, "sid": None, "attempts": 0, "resent": 0, "looks": 0, "reason": None}
    return await _move(db, id, (SmsState.failed,), SmsState.waiting, now, **anew)


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
        await _move(db, id, (*UNSETTLED, SmsState.sent, SmsState.failed), SmsState.delivered, now, reason=None)
    elif not is_news:
        return
    elif status not in ("undelivered", "failed", "canceled"):
        await _move(db, id, UNSETTLED, SmsState.sent, now, reason=None)
    elif is_passing:
        await _wait(db, id, error, now)
    elif await _move(db, id, (*UNSETTLED, SmsState.sent), SmsState.failed, now, reason=error or status) and opted_out:
        await _opt_out(db, id, now)


async def counts(db: AsyncConnection) -> dict[SmsState, int]:
    """Return the number of texts in each state."""
    found = await db.execute(select(sms_outbox.c.state, func.count().label("n")).group_by(sms_outbox.c.state))
    return dict.fromkeys(SmsState, 0) | {SmsState(row.state): row.n for row in found}


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
    await _move(db, id, (*UNSETTLED, SmsState.sent), SmsState.waiting, now, due=due, sid=None, reason=reason)


async def _opt_out(db: AsyncConnection, id: str, now: datetime) -> None:
    """Opt out whom a text was for: the provider says that they said STOP."""
    blind_index = await db.scalar(select(sms_outbox.c.blind_index).where(sms_outbox.c.id == id))
    if blind_index is not None:
        await opt_outs.opt_out(db, blind_index, now)


async def _move(
    db: AsyncConnection, id: str, before: Iterable[SmsState], to: SmsState, now: datetime, **values: Any
) -> bool:
    """Move a text to another state, if it is in one of those before."""
    change = {"state": to, "lease": None, "changed": now, **values}
    moved = await db.execute(
        update(sms_outbox).where(sms_outbox.c.id == id, sms_outbox.c.state.in_(list(before))).values(change)
    )
    if moved.rowcount and to in (SmsState.sent, SmsState.delivered, SmsState.failed):
        await daily_counts.add_one(db, f"text {to}", now)
    return moved.rowcount > 0


async def _fail(db: AsyncConnection, which: ColumnElement[bool], why: str, now: datetime) -> int:
    """Fail texts, for a reason and what was the matter at last; return how many."""
    ids = await _pick(db, which, sms_outbox.c.due, None)
    rows = await db.execute(select(sms_outbox.c.id, sms_outbox.c.reason).where(sms_outbox.c.id.in_(ids)))
    for row in rows.all():
        await failed(db, row.id, f"{why}: {row.reason}" if row.reason else why, now)
    return len(ids)


async def _pick(
    db: AsyncConnection, which: ColumnElement[bool], order: ColumnElement[Any], limit: int | None
) -> list[str]:
    """Lock the first that no other transaction has locked, until this one ends; return their ids."""
    held = select(sms_outbox.c.id).where(which).order_by(order).limit(limit).with_for_update(skip_locked=True)
    return list(await db.scalars(held))


async def _pick_readable(
    db: AsyncConnection, cipher: Cipher, which: ColumnElement[bool], due: Column[datetime], limit: int, now: datetime
) -> list[str]:
    """Pick likewise those that can be decrypted. The others wait for a worker with their secret, and hold up nobody:
    they are due again in A_WHILE, in the state that they were in.
    """
    readable: list[str] = []
    for _ in range(MOST_ROUNDS):
        picked = await _pick(db, which, due, limit - len(readable))
        sealed = await _unreadable(db, cipher, picked)
        readable += [id for id in picked if id not in sealed]
        if not sealed:
            break
        log.warning("texts wait: they are %s: texts=%d", UNREADABLE, len(sealed))
        await db.execute(update(sms_outbox).where(sms_outbox.c.id.in_(sealed)).values({due: now + A_WHILE}))
        which &= sms_outbox.c.id.not_in(readable)
    return readable


async def _unreadable(db: AsyncConnection, cipher: Cipher, ids: list[str]) -> set[str]:
    columns = sms_outbox.c.id, sms_outbox.c.number, sms_outbox.c.body
    rows = await db.execute(select(*columns).where(sms_outbox.c.id.in_(ids)))
    return {row.id for row in rows if cipher.place_of(row.number) is None or cipher.place_of(row.body) is None}


async def _update(db: AsyncConnection, ids: list[str], now: datetime, **values: Any) -> None:
    await db.execute(update(sms_outbox).where(sms_outbox.c.id.in_(ids)).values(changed=now, **values))


async def _take(db: AsyncConnection, cipher: Cipher, ids: list[str], now: datetime, **values: Any) -> list[OutboxText]:
    await _update(db, ids, now, **values)
    rows = await db.execute(
        select(sms_outbox).where(sms_outbox.c.id.in_(ids)).order_by(sms_outbox.c.due, sms_outbox.c.id)
    )
    return [read(row, cipher) for row in rows]


def read(row: Row[Any], cipher: Cipher) -> OutboxText:
    """Return a row decrypted; raise InvalidToken if it cannot be."""
    to, body = cipher.decrypt(row.number), cipher.decrypt(row.body)
    state = SmsState(row.state)
    return OutboxText(
        row.id,
        to,
        body,
        row.topic,
        row.due,
        state,
        row.attempts,
        row.sid,
        row.reason,
        row.resent,
        row.tried,
        row.promised,
    )
