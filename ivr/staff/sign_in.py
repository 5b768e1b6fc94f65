"""Signing in: the password, then a code of the second factor, and only then a session.

How passwords are hashed comes in as an argument, as do the time and the network address that somebody comes from.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidToken, IvrError
from ivr.staff import totp
from ivr.staff.password_rules import check_password, normal
from ivr.store import accounts, audit, failed_sign_ins, staff_sessions
from ivr.store.accounts import Account, Credentials, Role
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.failed_sign_ins import Kind
from ivr.store.idempotency import take_once
from ivr.tokens import AccountTokens, Purpose, SignInTokens

WRONG_PASSWORD = "That e-mail address and password do not go together."  # noqa: S105
WRONG_CODE = "That is not the code that the app shows now. Each code works once, so wait for the next one."
TOO_LATE = "That took longer than five minutes. Please begin again."
TOO_OLD = "That took longer than half an hour, or your password was changed. Please begin again."
WRONG_OWN_PASSWORD = "That is not your current password."  # noqa: S105
TOO_MANY = "There were too many tries from here. Please wait five minutes, and try again."


class NotSignedIn(IvrError):
    """Somebody is not signed in; the message says why, and nothing that a stranger does not know."""


class TooManyTries(NotSignedIn):
    """Too many tries were made from there lately."""


class Passwords(Protocol):
    """Hashes and verifies passwords."""

    async def hash(self, password: str) -> str:
        """Return the hash of a password, in its normal form."""

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Return whether a password has a hash; without one, return False after the same time."""

    def is_outdated(self, hashed: str) -> bool:
        """Return whether a hash was made more cheaply than is done now."""


@dataclass(frozen=True)
class SignIn:
    """What signing in takes; `only_with` names the single sign-on by which all but administrators have to come."""

    store: Store
    passwords: Passwords
    tokens: AccountTokens
    sealed: SignInTokens
    only_with: str = ""


@dataclass(frozen=True, slots=True)
class From:
    """Where a request comes from: the network address, the browser and system, and when."""

    address: str
    device: str
    at: datetime


async def with_password(by: SignIn, email: str, password: str, source: From) -> str:
    """Return a token to go on with to the code, for five minutes; raise NotSignedIn."""
    tried = await count_try(by, Kind.password, email, source)
    async with by.store.read() as db:
        account = await accounts.by_email(db, by.store.cipher, email)
        found = await accounts.credentials(db, by.store.cipher, account.id) if account and account.is_active else None
    known = found.password if found and found.is_set and found.totp else None
    if not await by.passwords.verify(normal(password), known) or account is None or known is None:
        raise NotSignedIn(WRONG_PASSWORD)
    check_way(by, account)
    hashed = await by.passwords.hash(normal(password)) if by.passwords.is_outdated(known) else known
    async with by.store.begin() as db:
        await failed_sign_ins.take_back(db, tried)
        if hashed != known and not await accounts.renew_password(db, account.id, known, hashed):
            raise NotSignedIn(WRONG_PASSWORD)  # it was changed in this moment
    return by.tokens.close(Purpose.code, account.id, hashed, source.at)


async def with_code(by: SignIn, token: str, code: str, source: From) -> str:
    """Return the token of a session that begins; raise NotSignedIn."""
    account, found = await open_token(by, Purpose.code, token, source.at, NotSignedIn(TOO_LATE))
    tried = await count_try(by, Kind.code, account.email or account.id, source)
    period = totp.period_of(found.totp or "", code, source.at) if account.is_active and found.totp else None
    async with by.store.begin() as db:
        if period is None or not await accounts.use_totp(db, account.id, period):
            raise NotSignedIn(WRONG_CODE)
        await failed_sign_ins.take_back(db, tried)
        await audit.write(db, By(account.name, source.at, account.id), "signed in")
        return await staff_sessions.begin(db, account.id, source.device, source.at)


async def change_password(by: SignIn, account: Account, session: bytes, old: str, new: str, source: From) -> None:
    """Change one's own password, and end one's other sessions; raise NotSignedIn or AccountRefused."""
    check_password(new, account)
    tried = await count_try(by, Kind.password, account.email or account.id, source)
    async with by.store.read() as db:
        found = await accounts.credentials(db, by.store.cipher, account.id)
    if not await by.passwords.verify(normal(old), found.password if found else None):
        raise NotSignedIn(WRONG_OWN_PASSWORD)
    hashed = await by.passwords.hash(normal(new))
    async with by.store.begin() as db:
        await failed_sign_ins.take_back(db, tried)
        await accounts.set_password(db, account.id, hashed, source.at)
        await staff_sessions.end_all(db, account.id, but=session)
        await audit.write(db, By(account.name, source.at, account.id), f"account {account.name}: password changed")


async def sign_out(db: AsyncConnection, session: bytes, by: By) -> None:
    """End one's own session."""
    if await staff_sessions.end(db, session):
        await audit.write(db, by, "signed out")


def check_way(by: SignIn, account: Account) -> None:
    """Raise NotSignedIn for somebody who has proved who they are, but has to come by single sign-on."""
    if by.only_with and account.role is not Role.administrator:
        raise NotSignedIn(f"Please sign in with {by.only_with}: only administrators come in here by other ways.")


async def take_token(by: SignIn, token: str, purpose: str, refusal: NotSignedIn, at: datetime) -> bytes:
    """Return what is in a token that a browser brings back; raise the refusal if it is not ours, old, or was used."""
    try:
        content = by.sealed.open(token, purpose, at)
    except InvalidToken:
        raise refusal from None
    async with by.store.begin() as db:
        if not await take_once(db, by.store.cipher, f"{purpose} {content.hex()}", at):
            raise refusal
    return content


async def count_try(by: SignIn, kind: Kind, email: str, source: From) -> int:
    """Count a try; raise TooManyTries."""
    async with by.store.begin() as db:
        tried = await failed_sign_ins.begin(db, by.store.cipher, kind, email, source.address, source.at)
    if tried is None:
        raise TooManyTries(TOO_MANY)
    return tried


async def take_back(by: SignIn, tried: int) -> None:
    """Take a try back that was none: it succeeded."""
    async with by.store.begin() as db:
        await failed_sign_ins.take_back(db, tried)


async def open_token(
    by: SignIn, purpose: Purpose, token: str, at: datetime, refusal: NotSignedIn
) -> tuple[Account, Credentials]:
    """Return the account of a token and what it signs in with; raise the refusal if the token works no more."""
    try:
        opened = by.tokens.open(purpose, token, at)
    except InvalidToken:
        raise refusal from None
    async with by.store.read() as db:
        account = await accounts.by_id(db, by.store.cipher, opened.account)
        found = await accounts.credentials(db, by.store.cipher, opened.account)
    if account is None or found is None or not opened.fits(found.password):
        raise refusal
    return account, found
