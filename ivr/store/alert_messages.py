"""Messages to managers and administrators, by text or e-mail: whatever cannot go one way goes the other.

A text goes through the outbox (`sms_outbox.py`); an e-mail is sent by a worker, which claims it first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.alert_lines import AlertLine, from_json, text_of, to_json
from ivr.store import accounts
from ivr.store.accounts import Account, Channel, Role
from ivr.store.cipher import Cipher
from ivr.store.sms_states import SmsState
from ivr.store.staff_alerts import can_be_texted, enqueue_staff_text
from ivr.store.tables import alert_messages, sms_outbox

OF_USE = timedelta(days=1)
WAITING, SENT, FAILED = "waiting", "sent", "failed"
TEXT_TAKES = timedelta(minutes=10)
"""A text of which nothing is known for so long goes by e-mail too."""
BATCH = 20


@dataclass(frozen=True, slots=True)
class Ways:
    """Whether this process, or a worker that has its settings, can send texts and e-mails."""

    text: bool
    email: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A message to somebody, and the state of the text that carries it, if one does."""

    id: str
    account: Account
    about: tuple[str, ...]
    lines: tuple[AlertLine, ...] | None = field(repr=False)
    channel: Channel
    channels_tried: int
    state: str
    made: datetime
    due: datetime
    good_until: datetime
    changed: datetime
    text_state: SmsState | None = None


async def recipients(db: AsyncConnection, cipher: Cipher, role: Role, ways: Ways) -> list[Account]:
    """Return whoever has a role, can be told, and did not choose not to be; managers where no administrator can be."""
    able = [one for one in await accounts.read(db, cipher) if one.is_active and await channels(db, cipher, one, ways)]
    return [one for one in able if one.role.includes(role)] or [one for one in able if one.role.includes(Role.manager)]


async def channels(db: AsyncConnection, cipher: Cipher, account: Account, ways: Ways) -> list[Channel]:
    """Return how somebody can be told, what they chose first; a text if they did not choose and gave a mobile."""
    if account.alerts_by is Channel.none or not account.role.includes(Role.manager):
        return []
    by_text = ways.text and account.mobile and await can_be_texted(db, cipher, account.mobile)
    able = [*([Channel.text] if by_text else []), *([Channel.email] if ways.email and account.email else [])]
    return sorted(able, key=lambda one: one is not account.alerts_by) if account.alerts_by else able


async def add(
    db: AsyncConnection,
    cipher: Cipher,
    account: Account,
    lines: Sequence[AlertLine],
    about: Sequence[str],
    now: datetime,
    ways: Ways,
    *,
    due: datetime | None = None,
    good_until: datetime | None = None,
) -> bool:
    """Add a message to somebody; return False if they cannot be told."""
    able = await channels(db, cipher, account, ways)
    if not able:
        return False
    due = due or now
    until, body = good_until or due + OF_USE, to_json(lines)
    row = {"id": str(uuid4()), "account": account.id, "about": " ".join(about), "body": cipher.encrypt(body)}
    times = {"made": now, "due": due, "good_until": until, "changed": now}
    text = await _enqueue(db, cipher, account, lines, due, until, now) if able[0] is Channel.text else None
    state = {"channel": able[0], "channels_tried": 1, "state": WAITING, "text": text}
    await db.execute(insert(alert_messages).values(row | times | state))
    return True


async def add_told(
    db: AsyncConnection,
    cipher: Cipher,
    account: Account,
    lines: Sequence[AlertLine],
    about: Sequence[str],
    now: datetime,
    channel: Channel | None,
) -> None:
    """Record what somebody was told without the outbox, by a channel; None if none of theirs worked."""
    row = {"id": str(uuid4()), "account": account.id, "about": " ".join(about), "body": cipher.encrypt(to_json(lines))}
    times = {"made": now, "due": now, "good_until": now + OF_USE, "changed": now}
    state = {"channel": channel or Channel.none, "channels_tried": 1, "state": SENT if channel else FAILED}
    await db.execute(insert(alert_messages).values(row | times | state))


async def _enqueue(
    db: AsyncConnection,
    cipher: Cipher,
    account: Account,
    lines: Sequence[AlertLine],
    due: datetime,
    until: datetime,
    now: datetime,
) -> str:
    return await enqueue_staff_text(db, cipher, account.mobile or "", text_of(lines), due, until, now)


async def claim_emails(db: AsyncConnection, cipher: Cipher, now: datetime, lease: timedelta) -> list[Message]:
    """Claim the e-mails that are due: no other worker gets them until the lease is over. Commit before sending."""
    is_free = alert_messages.c.lease.is_(None) | (alert_messages.c.lease <= now)
    which = (alert_messages.c.channel == Channel.email) & (alert_messages.c.due <= now) & is_free
    picked = select(alert_messages.c.id).where(alert_messages.c.state == WAITING, which).order_by(alert_messages.c.due)
    ids = (await db.scalars(picked.limit(BATCH).with_for_update(skip_locked=True))).all()
    await db.execute(update(alert_messages).where(alert_messages.c.id.in_(ids)).values(lease=now + lease))
    return [one for one in await _read(db, cipher, alert_messages.c.id.in_(ids))]


async def texts_on_their_way(db: AsyncConnection, cipher: Cipher) -> list[Message]:
    """Return the messages by text of which it is not known yet whether they came."""
    return await _read(db, cipher, (alert_messages.c.channel == Channel.text) & (alert_messages.c.state == WAITING))


async def settle(db: AsyncConnection, id: str, state: str, now: datetime) -> None:
    """Record that a message was sent, or that it can reach nobody."""
    await _set(db, id, now, state=state, lease=None)


async def put_off(db: AsyncConnection, id: str, until: datetime, now: datetime) -> None:
    """Have an e-mail tried again later."""
    await _set(db, id, now, lease=until)


async def other_way(db: AsyncConnection, cipher: Cipher, message: Message, now: datetime, ways: Ways) -> bool:
    """Send a message the other way; return False where there is none, or it was tried."""
    able = [one for one in await channels(db, cipher, message.account, ways) if one is not message.channel]
    if not able or message.channels_tried > 1 or message.lines is None:
        return False
    text, until = None, max(message.good_until, now + TEXT_TAKES)
    if able[0] is Channel.text:
        text = await _enqueue(db, cipher, message.account, message.lines, now, until, now)
    tried = {"channels_tried": message.channels_tried + 1, "due": now, "good_until": until}
    await _set(db, message.id, now, channel=able[0], text=text, lease=None, **tried)
    return True


async def read(db: AsyncConnection, cipher: Cipher, since: datetime) -> list[Message]:
    """Return the messages of the time since, the newest first."""
    found = await _read(db, cipher, alert_messages.c.made >= since)
    return sorted(found, key=lambda one: one.made, reverse=True)


async def _read(db: AsyncConnection, cipher: Cipher, which: Any) -> list[Message]:
    joined = alert_messages.outerjoin(sms_outbox, sms_outbox.c.id == alert_messages.c.text)
    query = select(alert_messages, sms_outbox.c.state.label("text_state")).select_from(joined).where(which)
    by_id = {one.id: one for one in await accounts.read(db, cipher)}
    rows = (await db.execute(query.order_by(alert_messages.c.made, alert_messages.c.id))).all()
    return [_message(row, by_id[row.account], cipher) for row in rows]


async def _set(db: AsyncConnection, id: str, now: datetime, **values: Any) -> None:
    await db.execute(update(alert_messages).where(alert_messages.c.id == id).values(changed=now, **values))


def _message(row: Row[Any], account: Account, cipher: Cipher) -> Message:
    body = cipher.decrypt_or_none(row.body)
    lines = from_json(body) if body else None
    times = row.made, row.due, row.good_until, row.changed
    what = row.id, account, tuple(row.about.split()), lines, Channel(row.channel), row.channels_tried, row.state
    return Message(*what, *times, SmsState(row.text_state) if row.text_state else None)
