"""Signing in: the password, then a code of the second factor, and only then a session; or by a link, which sets both.

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
from ivr.store.accounts import Account, AccountState, Credentials
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.failed_sign_ins import Kind
from ivr.tokens import AccountTokens, Purpose

WRONG_PASSWORD = "That e-mail address and password do not go together."  # noqa: S105
WRONG_CODE = "That is not the code that the app shows now. Each code works once, so wait for the next one."
TOO_LATE = "That took longer than five minutes. Please begin again."
NO_LINK = (
    "This link works no more: it was used, it is too old, or there is a newer one. Ask an administrator for another."
)
TOO_MANY = "There were too many tries from here. Please wait five minutes, and try again."


class NotSignedIn(IvrError):
    """Somebody is not signed in; the message says why, and nothing that a stranger does not know."""


class TooManyTries(NotSignedIn):
    """Too many tries were made from there lately."""


class LinkRefused(NotSignedIn):
    """A link that works no more."""


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
    """What signing in takes."""

    store: Store
    passwords: Passwords
    tokens: AccountTokens


@dataclass(frozen=True, slots=True)
class From:
    """Where a request comes from: the network address, the browser and system, and when."""

    address: str
    device: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """An account that a link is for, and the secret of its second factor; `is_new` if that is set up by the link."""

    account: Account
    credentials: Credentials
    totp: str
    is_new: bool


async def with_password(by: SignIn, email: str, password: str, source: From) -> str:
    """Return a token to go on with to the code, for five minutes; raise NotSignedIn."""
    tried = await _begin(by, Kind.password, email, source)
    async with by.store.read() as db:
        account = await accounts.by_email(db, by.store.cipher, email)
        found = await accounts.credentials(db, by.store.cipher, account.id) if account and account.is_active else None
    known = found.password if found and found.is_set and found.totp else None
    if not await by.passwords.verify(normal(password), known) or account is None or known is None:
        raise NotSignedIn(WRONG_PASSWORD)
    hashed = await by.passwords.hash(normal(password)) if by.passwords.is_outdated(known) else known
    async with by.store.begin() as db:
        await failed_sign_ins.take_back(db, tried)
        if hashed != known and not await accounts.renew_password(db, account.id, known, hashed):
            raise NotSignedIn(WRONG_PASSWORD)  # it was changed in this moment
    return by.tokens.close(Purpose.code, account.id, hashed, source.at)


async def with_code(by: SignIn, token: str, code: str, source: From) -> str:
    """Return the token of a session that begins; raise NotSignedIn."""
    account, found = await _opened(by, Purpose.code, token, source.at, NotSignedIn(TOO_LATE))
    tried = await _begin(by, Kind.code, account.email or account.id, source)
    period = totp.period_of(found.totp or "", code, source.at) if account.is_active and found.totp else None
    async with by.store.begin() as db:
        if period is None or not await accounts.use_totp(db, account.id, period):
            raise NotSignedIn(WRONG_CODE)
        await failed_sign_ins.take_back(db, tried)
        await audit.write(db, By(account.name, source.at, account.id), "signed in")
        return await staff_sessions.begin(db, account.id, source.device, source.at)


async def open_link(by: SignIn, purpose: Purpose, token: str, at: datetime) -> Link:
    """Return what a link is for; raise LinkRefused."""
    account, found = await _opened(by, purpose, token, at, LinkRefused(NO_LINK))
    if account.state is AccountState.left:
        raise LinkRefused(NO_LINK)
    return Link(account, found, found.totp or by.tokens.totp_secret(token), found.totp is None)


async def with_link(by: SignIn, purpose: Purpose, token: str, password: str, code: str, source: From) -> str:
    """Set a password, and the second factor if there is none, and return the token of a session that begins.

    Raise LinkRefused, NotSignedIn for a wrong code, or AccountRefused for a password that is easily guessed.
    """
    link = await open_link(by, purpose, token, source.at)
    account, cipher = link.account, by.store.cipher
    check_password(password, account)
    tried = await _begin(by, Kind.code, account.email or account.id, source)
    period = totp.period_of(link.totp, code, source.at)
    if period is None:
        raise NotSignedIn(WRONG_CODE)
    hashed = await by.passwords.hash(normal(password))
    async with by.store.begin() as db:
        await accounts.lock(db)
        if await accounts.credentials(db, cipher, account.id) != link.credentials:
            raise LinkRefused(NO_LINK)
        if link.is_new:
            await accounts.set_totp(db, cipher, account.id, link.totp, source.at)
        if not await accounts.use_totp(db, account.id, period):
            raise NotSignedIn(WRONG_CODE)
        await failed_sign_ins.take_back(db, tried)
        await accounts.set_password(db, account.id, hashed, source.at)
        await accounts.change(db, account.id, source.at, state=AccountState.active)
        await staff_sessions.end_all(db, account.id)
        what = "password and second factor set" if link.is_new else "password set"
        await audit.write(db, By(account.name, source.at, account.id), f"account {account.name}: {what} by a link")
        return await staff_sessions.begin(db, account.id, source.device, source.at)


async def change_password(by: SignIn, account: Account, session: bytes, old: str, new: str, source: From) -> None:
    """Change one's own password, and end one's other sessions; raise NotSignedIn or AccountRefused."""
    check_password(new, account)
    tried = await _begin(by, Kind.password, account.email or account.id, source)
    async with by.store.read() as db:
        found = await accounts.credentials(db, by.store.cipher, account.id)
    if not await by.passwords.verify(normal(old), found.password if found else None):
        raise NotSignedIn("That is not your current password.")
    hashed = await by.passwords.hash(normal(new))
    async with by.store.begin() as db:
        await failed_sign_ins.take_back(db, tried)
        await accounts.set_password(db, account.id, hashed, source.at)
        await staff_sessions.end_all(db, account.id, but=session)
        await audit.write(db, By(account.name, source.at, account.id), f"account {account.name}: password changed")


async def ask_for_link(by: SignIn, email: str, source: From) -> tuple[Account, str] | None:
    """Return the account of an e-mail address and the path of a page on which its password is set anew.

    Nothing changes until that is used, so a stranger who asks harms nobody. Return None where there is nobody to send
    it to: whoever asked is told the same. Raise TooManyTries.
    """
    await _begin(by, Kind.link, email, source)
    async with by.store.read() as db:
        account = await accounts.by_email(db, by.store.cipher, email)
        found = await accounts.credentials(db, by.store.cipher, account.id) if account and account.is_active else None
    if account is None or found is None:
        return None
    token = by.tokens.close(Purpose.reset, account.id, found.password, source.at)
    return account, f"/console/{Purpose.reset}/{token}"


async def sign_out(db: AsyncConnection, session: bytes, by: By) -> None:
    """End one's own session."""
    if await staff_sessions.end(db, session):
        await audit.write(db, by, "signed out")


async def _begin(by: SignIn, kind: Kind, email: str, source: From) -> int:
    """Count a try; raise TooManyTries."""
    async with by.store.begin() as db:
        tried = await failed_sign_ins.begin(db, by.store.cipher, kind, email, source.address, source.at)
    if tried is None:
        raise TooManyTries(TOO_MANY)
    return tried


async def _opened(
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
