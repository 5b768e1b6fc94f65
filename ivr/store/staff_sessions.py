"""Who of staff is signed in, and where.

The browser has a random token; the table has its SHA-256, so that nobody who reads the database can sign in with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.accounts import Account, Role, by_id
from ivr.store.cipher import Cipher
from ivr.store.tables import staff_sessions

IDLE: Mapping[Role, timedelta] = {
    Role.adviser: timedelta(hours=2),  # a talk may be long
    Role.manager: timedelta(hours=1),
    Role.administrator: timedelta(hours=1),
}
"""After how long without a request somebody is signed out."""
LONGEST = timedelta(hours=12)
"""A long shift."""
SEEN_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32
DEVICE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class StaffSession:
    """Somebody signed in: the hash of the token, the id of their account, and the browser and system they use."""

    id: bytes
    account: str
    device: str
    began: datetime
    seen: datetime

    @property
    def name(self) -> str:
        """Return what names the session in a list; nobody can sign in with it."""
        return self.id.hex()[:16]


async def begin(db: AsyncConnection, account: str, device: str, now: datetime) -> str:
    """Begin a session; return its token, which is kept nowhere else."""
    token = token_urlsafe(TOKEN_BYTES)
    row = {"id": hashed(token), "account": account, "device": device[:DEVICE_LENGTH], "began": now, "seen": now}
    await db.execute(insert(staff_sessions).values(row))
    return token


async def find(db: AsyncConnection, cipher: Cipher, token: str, now: datetime) -> tuple[StaffSession, Account] | None:
    """Return the session of a token and whose it is; None if it is over, or they have left."""
    row = (await db.execute(select(staff_sessions).where(staff_sessions.c.id == hashed(token)))).first()
    if row is None:
        return None
    session, account = StaffSession(*row), await by_id(db, cipher, row.account)
    return (session, account) if account and _is_alive(session, account, now) else None


async def seen(db: AsyncConnection, session: StaffSession, now: datetime) -> None:
    """Record that somebody is at work."""
    await db.execute(update(staff_sessions).where(staff_sessions.c.id == session.id).values(seen=now))


def is_to_be_recorded(session: StaffSession, now: datetime) -> bool:
    """Return whether it is long enough ago that somebody was last recorded as at work: not every request writes."""
    return now - session.seen >= SEEN_EVERY


async def of(db: AsyncConnection, account: Account, now: datetime) -> list[StaffSession]:
    """Return where somebody is signed in, the latest first."""
    mine = select(staff_sessions).where(staff_sessions.c.account == account.id).order_by(staff_sessions.c.began.desc())
    return [one for row in await db.execute(mine) if _is_alive(one := StaffSession(*row), account, now)]


async def end(db: AsyncConnection, id: bytes) -> bool:
    """End a session; return False if there was none."""
    return (await db.execute(delete(staff_sessions).where(staff_sessions.c.id == id))).rowcount > 0


async def end_all(db: AsyncConnection, account: str, but: bytes = b"") -> int:
    """End every session of an account except one; return how many there were."""
    theirs = (staff_sessions.c.account == account) & (staff_sessions.c.id != but)
    return (await db.execute(delete(staff_sessions).where(theirs))).rowcount


async def end_everybody_s(db: AsyncConnection) -> None:
    """End all sessions."""
    await db.execute(delete(staff_sessions))


def hashed(token: str) -> bytes:
    """Return the id of the session that a token is for."""
    return sha256(token.encode()).digest()


def _is_alive(session: StaffSession, account: Account, now: datetime) -> bool:
    return account.is_active and now - session.seen < IDLE[account.role] and now - session.began < LONGEST
