"""Another app for codes in the place of one's own, such as on a new telephone: with the password and a code."""

from datetime import datetime, timedelta
from hashlib import sha256

from ivr.errors import AccountRefused, InvalidToken
from ivr.staff import totp
from ivr.staff.password_rules import normal
from ivr.staff.sign_in import TOO_OLD, WRONG_CODE, WRONG_OWN_PASSWORD, From, NotSignedIn, SignIn, count_try
from ivr.store import accounts, audit, failed_sign_ins, staff_sessions
from ivr.store.accounts import Account, Credentials
from ivr.store.audit import By
from ivr.store.failed_sign_ins import Kind

LIFETIME = timedelta(minutes=30)


async def begin(by: SignIn, account: Account, at: datetime) -> str:
    """Return a token to set up another app with; its secret is that of `AccountTokens.totp_secret`.

    Raise AccountRefused for somebody without a password, who needs no app.
    """
    found = await _credentials(by, account)
    return by.sealed.close(_fingerprint(found), _purpose(account), at + LIFETIME)


async def change_app(
    by: SignIn, account: Account, session: bytes, token: str, password: str, code: str, source: From
) -> None:
    """Have the new app count and the old one no more, and end one's other sessions; raise NotSignedIn."""
    found = await _credentials(by, account)
    if _opened(by, token, account, source.at) != _fingerprint(found):
        raise NotSignedIn(TOO_OLD)
    secret = by.tokens.totp_secret(token)
    tried = await count_try(by, Kind.password, account.email or account.id, source)
    if not await by.passwords.verify(normal(password), found.password):
        raise NotSignedIn(WRONG_OWN_PASSWORD)
    period = totp.period_of(secret, code, source.at)
    async with by.store.begin() as db:
        await failed_sign_ins.take_back(db, tried)  # whoever has the password guesses no code of an app of their own
        await accounts.lock(db)
        if await accounts.credentials(db, by.store.cipher, account.id) != found:
            raise NotSignedIn(TOO_OLD)
        if period is not None:
            await accounts.set_totp(db, by.store.cipher, account.id, secret, source.at)
            await accounts.use_totp(db, account.id, period)
            await staff_sessions.end_all(db, account.id, but=session)
            who = By(account.name, source.at, account.id)
            await audit.write(db, who, f"account {account.name}: app for codes changed")
    if period is None:
        raise NotSignedIn(WRONG_CODE)


async def _credentials(by: SignIn, account: Account) -> Credentials:
    async with by.store.read() as db:
        found = await accounts.credentials(db, by.store.cipher, account.id)
    if found is None or not found.is_set:
        raise AccountRefused("You sign in without a password, so you need no app for codes.")
    return found


def _opened(by: SignIn, token: str, account: Account, at: datetime) -> bytes:
    try:
        return by.sealed.open(token, _purpose(account), at)
    except InvalidToken:
        return b""


def _fingerprint(found: Credentials) -> bytes:
    return sha256(found.password.encode()).digest()


def _purpose(account: Account) -> str:
    return f"app for codes of {account.id}"
