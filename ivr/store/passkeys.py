"""The passkeys of staff: the public half of credentials whose private half never leaves their devices (WebAuthn)."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import insert_new
from ivr.store.tables import passkeys


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an account, under the name that its owner gave it; `sign_count` is what the device counts."""

    id: str
    account: str
    public_key: str = field(repr=False)
    sign_count: int
    name: str
    created: datetime
    used: datetime | None = None


async def add(db: AsyncConnection, passkey: Passkey) -> bool:
    """Add a passkey; return False if there is one of that id."""
    return await insert_new(db, passkeys, **asdict(passkey))


async def by_id(db: AsyncConnection, id: str) -> Passkey | None:
    """Return the passkey of an id."""
    row = (await db.execute(select(passkeys).where(passkeys.c.id == id))).first()
    return Passkey(*row) if row else None


async def of(db: AsyncConnection, account: str) -> list[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    theirs = select(passkeys).where(passkeys.c.account == account).order_by(passkeys.c.created, passkeys.c.name)
    return [Passkey(*row) for row in await db.execute(theirs)]


async def use(db: AsyncConnection, id: str, sign_count: int, now: datetime) -> bool:
    """Record that a passkey was used; return False if its count has not gone on, so that there may be a copy of it.

    Many devices count nothing, and always say 0: https://www.w3.org/TR/webauthn-3/#sctn-sign-counter
    """
    goes_on = or_(passkeys.c.sign_count < sign_count, (passkeys.c.sign_count == 0) & (sign_count == 0))
    used = update(passkeys).where(passkeys.c.id == id, goes_on).values(sign_count=sign_count, used=now)
    return (await db.execute(used)).rowcount > 0


async def remove(db: AsyncConnection, id: str) -> None:
    """Remove a passkey."""
    await db.execute(delete(passkeys).where(passkeys.c.id == id))


async def remove_all(db: AsyncConnection, account: str) -> None:
    """Remove all passkeys of an account."""
    await db.execute(delete(passkeys).where(passkeys.c.account == account))
