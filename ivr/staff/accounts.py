"""Staff who sign in, and what each of them may."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.cipher import Cipher
from ivr.store.tables import accounts


class Role(StrEnum):
    """What somebody may; each may what the one before may."""

    adviser = "adviser"
    manager = "manager"
    administrator = "administrator"

    def includes(self, other: "Role") -> bool:
        """Return whether this role may what another may."""
        return list(Role).index(self) >= list(Role).index(other)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of staff."""

    id: str
    name: str
    email: str | None = field(repr=False)
    role: Role
    state: str
    has_second_factor: bool
    adviser: str | None
    created: datetime


async def read_one(db: AsyncConnection, cipher: Cipher, id: str) -> Account:
    """Return an account."""
    row = (await db.execute(select(accounts).where(accounts.c.id == id))).one()
    about = row.id, row.name, cipher.decrypt_or_none(row.email), Role(row.role), row.state
    return Account(*about, row.totp is not None, row.adviser, row.created)
