"""Links on which somebody of staff sets their password, and the second factor if there is none: each works once.

Whoever has no second factor yet may make a passkey there instead of both.
"""

from dataclasses import dataclass
from datetime import datetime

from ivr.staff import passkeys, totp
from ivr.staff.passkeys import Answer, Verifier
from ivr.staff.password_rules import check_password, normal
from ivr.staff.sign_in import WRONG_CODE, From, NotSignedIn, SignIn, check_way, count_try, open_token
from ivr.store import accounts, audit, failed_sign_ins, staff_sessions
from ivr.store.accounts import Account, AccountState, Credentials, Role
from ivr.store.audit import By
from ivr.store.failed_sign_ins import Kind
from ivr.tokens import Purpose

NO_LINK = (
    "This link works no more: it was used, it is too old, or there is a newer one. Ask an administrator for another."
)


class LinkRefused(NotSignedIn):
    """A link that works no more."""


@dataclass(frozen=True, slots=True)
class Link:
    """An account that a link is for, and the secret of its second factor; `is_new` if that is set up by the link."""

    account: Account
    credentials: Credentials
    totp: str
    is_new: bool


async def open_link(by: SignIn, purpose: Purpose, token: str, at: datetime) -> Link:
    """Return what a link is for; raise LinkRefused."""
    account, found = await open_token(by, purpose, token, at, LinkRefused(NO_LINK))
    if account.state is AccountState.left or (account.passkeys and not account.has_app):
        raise LinkRefused(NO_LINK)  # with a passkey alone there is no password to set: a link would let in without it
    try:
        check_way(by, account)
    except NotSignedIn as error:
        raise LinkRefused(str(error)) from None
    return Link(account, found, found.totp or by.tokens.totp_secret(token), found.totp is None)


async def with_link(by: SignIn, purpose: Purpose, token: str, password: str, code: str, source: From) -> str:
    """Set a password, and the second factor if there is none, and return the token of a session that begins.

    Raise LinkRefused, NotSignedIn for a wrong code, or AccountRefused for a password that is easily guessed.
    """
    link = await open_link(by, purpose, token, source.at)
    account, cipher = link.account, by.store.cipher
    check_password(password, account)
    tried = await count_try(by, Kind.code, account.email or account.id, source)
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


async def with_passkey(
    by: SignIn, purpose: Purpose, token: str, verifier: Verifier, name: str, answer: Answer, source: From
) -> str:
    """Make a passkey instead of a password and an app for codes; return the token of a session that begins.

    Raise LinkRefused, also where there is a second factor, NotSignedIn, or AccountRefused for the name.
    """
    link = await open_link(by, purpose, token, source.at)
    if not link.is_new:
        raise LinkRefused(NO_LINK)
    account, who = link.account, By(link.account.name, source.at, link.account.id)
    made = await passkeys.new_passkey(by, verifier, account, name, answer, source.at)
    async with by.store.begin() as db:
        await accounts.lock(db)
        if await accounts.credentials(db, by.store.cipher, account.id) != link.credentials:
            raise LinkRefused(NO_LINK)
        await passkeys.keep(db, made)
        await accounts.unset_password(db, account.id, source.at)  # so the link works no more
        await accounts.change(db, account.id, source.at, state=AccountState.active)
        await staff_sessions.end_all(db, account.id)
        session = await staff_sessions.begin(db, account.id, source.device, source.at)
        await audit.write(db, who, f"account {account.name}: passkey “{made.name}” made by a link")
        return session


async def ask_for_link(by: SignIn, email: str, source: From) -> tuple[Account, str] | None:
    """Return the account of an e-mail address and the path of a page on which its password is set anew.

    Nothing changes until that is used, so a stranger who asks harms nobody. Return None where there is nobody to send
    it to: whoever asked is told the same. Raise TooManyTries.
    """
    await count_try(by, Kind.link, email, source)
    async with by.store.read() as db:
        account = await accounts.by_email(db, by.store.cipher, email)
        found = await accounts.credentials(db, by.store.cipher, account.id) if account and account.is_active else None
    if account is None or found is None or _has_no_password_to_forget(by, account):
        return None
    token = by.tokens.close(Purpose.reset, account.id, found.password, source.at)
    return account, f"/console/{Purpose.reset}/{token}"


def _has_no_password_to_forget(by: SignIn, account: Account) -> bool:
    """Return whether somebody signs in by a passkey or by single sign-on alone: a link would be a way around it."""
    must_come_otherwise = bool(by.only_with) and account.role is not Role.administrator
    return must_come_otherwise or ((account.passkeys > 0 or account.has_single_sign_on) and not account.has_app)
