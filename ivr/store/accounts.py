"""The accounts of staff who sign in, and what they sign in with."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import AccountRefused
from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.tables import accounts, passkeys

UNSET = "unset "
"""Begins what stands in the place of a password that is not set; no hash begins so."""
ALL = select(
    accounts, select(func.count()).where(passkeys.c.account == accounts.c.id).scalar_subquery().label("passkeys")
)
"""Every account, and how many passkeys it has."""


class Role(StrEnum):
    """What somebody may; each may what the one before may."""

    adviser = "adviser"
    manager = "manager"
    administrator = "administrator"

    def includes(self, other: "Role") -> bool:
        """Return whether this role may what another may."""
        return list(Role).index(self) >= list(Role).index(other)


class AccountState(StrEnum):
    """Whether somebody can sign in: they have not set a password yet, they can, or they have left."""

    invited = "invited"
    active = "active"
    left = "left"


class Channel(StrEnum):
    """How somebody is told what is wrong, or that they do not want to be."""

    text = "text"
    email = "email"
    none = "none"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of staff; `email` is None if it cannot be decrypted, and `adviser` is their id on the rota.

    `has_app` says whether an app for codes is set up, `passkeys` how many they have, and `has_single_sign_on` whether
    the identity provider knows them. `mobile` (E.164) is where they are texted what a manager must know, and
    `alerts_by` how they chose to be told it; None if they did not choose.
    """

    id: str
    name: str
    email: str | None = field(repr=False)
    role: Role
    state: AccountState
    adviser: str | None
    created: datetime
    has_password: bool = False
    has_app: bool = False
    passkeys: int = 0
    has_single_sign_on: bool = False
    mobile: str | None = field(default=None, repr=False)
    alerts_by: Channel | None = None

    @property
    def is_active(self) -> bool:
        """Return whether they can sign in."""
        return self.state is AccountState.active

    @property
    def has_second_factor(self) -> bool:
        """Return whether we ask them for more than a password; a passkey is two factors in one."""
        return self.has_app or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody signs in with: an argon2 hash, and the secret of the second factor (base32).

    `password` is a random mark until it is set: the link by which it is set names it, so that each works once.
    """

    password: str = field(repr=False)
    totp: str | None = field(repr=False)

    @property
    def is_set(self) -> bool:
        """Return whether there is a password."""
        return not self.password.startswith(UNSET)


async def lock(db: AsyncConnection) -> None:
    """Keep everybody else from changing accounts until the transaction ends."""
    await advisory_lock(db, "accounts")


async def add(db: AsyncConnection, cipher: Cipher, name: str, email: str, role: Role, now: datetime) -> Account:
    """Add somebody who is invited; raise AccountRefused where there is one of that name or e-mail address."""
    await lock(db)
    same = await _first(db, cipher, or_(func.lower(accounts.c.name) == name.lower(), _has_email(cipher, email)))
    if same:
        raise AccountRefused(f"There is an account of that name or e-mail address already: {same.name}, {same.state}.")
    sealed = {"email": cipher.encrypt(email), "email_index": cipher.blind_index(email.lower())}
    about = {"name": name, "role": role, "state": AccountState.invited, "password": _unset()}
    id = str(uuid4())
    await db.execute(insert(accounts).values(id=id, **about, **sealed, created=now, changed=now))
    return Account(id, name, email, role, AccountState.invited, None, now)


async def read(db: AsyncConnection, cipher: Cipher) -> list[Account]:
    """Return all accounts by name, those who have left last."""
    rows = await db.execute(ALL.order_by(func.lower(accounts.c.name)))
    return sorted((_account(row, cipher) for row in rows), key=lambda one: one.state is AccountState.left)


async def by_id(db: AsyncConnection, cipher: Cipher, id: str) -> Account | None:
    """Return the account with an id."""
    return await _first(db, cipher, accounts.c.id == id)


async def by_email(db: AsyncConnection, cipher: Cipher, email: str) -> Account | None:
    """Return the account with an e-mail address, in any case."""
    return await _first(db, cipher, _has_email(cipher, email))


async def by_subject(db: AsyncConnection, cipher: Cipher, issuer: str, subject: str) -> Account | None:
    """Return the account of whom an identity provider knows."""
    return await _first(db, cipher, accounts.c.subject == _subject(cipher, issuer, subject))


async def bind(db: AsyncConnection, cipher: Cipher, id: str, issuer: str, subject: str, now: datetime) -> None:
    """Have an account be that of whom an identity provider knows."""
    await change(db, id, now, subject=_subject(cipher, issuer, subject))


async def unbind(db: AsyncConnection, id: str, now: datetime) -> None:
    """Forget whom the identity provider knows as an account."""
    await change(db, id, now, subject=None)


async def by_name_or_email(db: AsyncConnection, cipher: Cipher, text: str) -> Account | None:
    """Return the account with a name or an e-mail address, in any case."""
    return await _first(db, cipher, or_(func.lower(accounts.c.name) == text.lower(), _has_email(cipher, text)))


async def are_there_any(db: AsyncConnection) -> bool:
    """Return whether anybody has an account."""
    return await db.scalar(select(accounts.c.id).limit(1)) is not None


async def active_administrators(db: AsyncConnection) -> list[str]:
    """Return the ids of the administrators who can sign in."""
    active = (accounts.c.role == Role.administrator) & (accounts.c.state == AccountState.active)
    return list(await db.scalars(select(accounts.c.id).where(active)))


async def change(db: AsyncConnection, id: str, now: datetime, **values: Any) -> None:
    """Change what is told about an account: `name`, `role`, `state`, `adviser`."""
    await db.execute(update(accounts).where(accounts.c.id == id).values(changed=now, **values))


async def set_email(db: AsyncConnection, cipher: Cipher, id: str, email: str, now: datetime) -> None:
    """Change an e-mail address."""
    await change(db, id, now, email=cipher.encrypt(email), email_index=cipher.blind_index(email.lower()))


async def set_mobile(db: AsyncConnection, cipher: Cipher, id: str, number: str | None, now: datetime) -> None:
    """Set the mobile (E.164) of an account, or forget it."""
    await change(db, id, now, mobile=cipher.encrypt(number) if number else None)


async def set_alerts_by(db: AsyncConnection, id: str, channel: Channel, now: datetime) -> None:
    """Set how somebody is told what is wrong."""
    await change(db, id, now, alerts_by=channel)


async def ids_of_leavers(db: AsyncConnection) -> list[str]:
    """Return the ids of those who have left."""
    return list(await db.scalars(select(accounts.c.id).where(accounts.c.state == AccountState.left)))


async def keep_out(db: AsyncConnection, ids: Collection[str], now: datetime) -> None:
    """Have these accounts be those of people who have left, whatever they were: a restored backup may be older."""
    gone = {"state": AccountState.left, "password": _unset(), **dict.fromkeys(("totp", "adviser", "mobile"))}
    still_there = accounts.c.id.in_(ids) & (accounts.c.state != AccountState.left)
    await db.execute(update(accounts).where(still_there).values(changed=now, **gone))
    await db.execute(delete(passkeys).where(passkeys.c.account.in_(ids)))


async def credentials(db: AsyncConnection, cipher: Cipher, id: str) -> Credentials | None:
    """Return what somebody signs in with; raise InvalidToken if the second factor cannot be decrypted."""
    row = (await db.execute(select(accounts.c.password, accounts.c.totp).where(accounts.c.id == id))).first()
    return Credentials(row.password, None if row.totp is None else cipher.decrypt(row.totp)) if row else None


async def set_password(db: AsyncConnection, id: str, hashed: str, now: datetime) -> None:
    """Set a password, given as its argon2 hash."""
    await change(db, id, now, password=hashed)


async def renew_password(db: AsyncConnection, id: str, old: str, new: str) -> bool:
    """Put another hash of the same password in the place of one; return False if it was changed meanwhile."""
    same = (accounts.c.id == id) & (accounts.c.password == old)
    return (await db.execute(update(accounts).where(same).values(password=new))).rowcount > 0


async def unset_password(db: AsyncConnection, id: str, now: datetime) -> None:
    """Forget a password; the links that were made to set it before work no more."""
    await change(db, id, now, password=_unset())


async def set_totp(db: AsyncConnection, cipher: Cipher, id: str, secret: str | None, now: datetime) -> None:
    """Set the second factor (base32), or forget it."""
    await change(db, id, now, totp=None if secret is None else cipher.encrypt(secret), totp_used=None)


async def use_totp(db: AsyncConnection, id: str, period: int) -> bool:
    """Take the code of a period of thirty seconds; return False if that one, or a later one, was taken before."""
    fresh = or_(accounts.c.totp_used.is_(None), accounts.c.totp_used < period)
    taken = await db.execute(update(accounts).where(accounts.c.id == id, fresh).values(totp_used=period))
    return taken.rowcount > 0


async def _first(db: AsyncConnection, cipher: Cipher, which: ColumnElement[bool]) -> Account | None:
    row = (await db.execute(ALL.where(which))).first()
    return _account(row, cipher) if row else None


def _subject(cipher: Cipher, issuer: str, subject: str) -> bytes:
    return cipher.blind_index(f"{issuer} {subject}")


def _has_email(cipher: Cipher, email: str) -> ColumnElement[bool]:
    return accounts.c.email_index == cipher.blind_index(email.lower())


def _account(row: Row[Any], cipher: Cipher) -> Account:
    about = row.id, row.name, cipher.decrypt_or_none(row.email), Role(row.role), AccountState(row.state)
    signs_in_with = not row.password.startswith(UNSET), row.totp is not None, row.passkeys, row.subject is not None
    mobile = cipher.decrypt_or_none(row.mobile) if row.mobile else None
    alerts_by = Channel(row.alerts_by) if row.alerts_by else None
    return Account(*about, row.adviser, row.created, *signs_in_with, mobile, alerts_by)


def _unset() -> str:
    return f"{UNSET}{token_hex(16)}"
