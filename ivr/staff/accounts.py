"""Who of staff may sign in, and what they may; what each of them signs in with is in `sign_in.py`."""

from re import fullmatch

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import AccountRefused, InvalidInput
from ivr.helpline.phone_numbers import NumberKind, kind_of, parse_number
from ivr.staff import rota
from ivr.staff.lookup import NoSuchItem
from ivr.store import accounts, audit, passkeys, staff_sessions
from ivr.store.accounts import Account, AccountState, Channel, Role
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.tokens import AccountTokens, Purpose

__all__ = ["Account", "AccountState", "Channel", "Role"]

LONGEST_NAME, LONGEST_EMAIL = 80, 254
LAST_ADMINISTRATOR = "That is the last administrator who can sign in: make somebody else one first."
AT_A_SHELL = " (shell)"
"""Ends the name of somebody who did something at a shell and has no account."""


async def read_one(db: AsyncConnection, cipher: Cipher, id: str) -> Account:
    """Return an account by its id; raise NoSuchItem."""
    found = await accounts.by_id(db, cipher, id)
    if found is None:
        raise NoSuchItem("There is no such account.")
    return found


async def find(db: AsyncConnection, cipher: Cipher, text: str) -> Account:
    """Return the account of a name or e-mail address, in any case; raise NoSuchItem."""
    found = await accounts.by_name_or_email(db, cipher, text.strip())
    if found is None:
        known = ", ".join(one.name for one in await accounts.read(db, cipher)) or "nobody"
        raise NoSuchItem(f"“{text}” has no account; those who have one: {known}.")
    return found


async def known_as(db: AsyncConnection, cipher: Cipher, by: By) -> By:
    """Return who does something at a shell: by their account if they have one, else as somebody at a shell.

    Before there are accounts, a name is all there is.
    """
    account = await accounts.by_name_or_email(db, cipher, by.who)
    if account and account.is_active:
        return By(account.name, by.at, account.id)
    return By(f"{by.who}{AT_A_SHELL}", by.at) if await accounts.are_there_any(db) else by


def ways_in(account: Account) -> list[str]:
    """Return what somebody signs in with, in words."""
    passkeys = f"{account.passkeys} passkey{'s' if account.passkeys > 1 else ''}" if account.passkeys else ""
    password = "password and app for codes" if account.has_password and account.has_app else ""
    return [one for one in (password, passkeys, "single sign-on" if account.has_single_sign_on else "") if one]


async def invite(db: AsyncConnection, cipher: Cipher, name: str, email: str, role: Role, by: By) -> Account:
    """Add an account, which is theirs once they follow its link; raise InvalidInput or AccountRefused."""
    account = await accounts.add(db, cipher, checked_name(name), checked_email(email), role, by.at)
    return await _changed(db, cipher, account, by, f"invited as {role}")


async def link(db: AsyncConnection, cipher: Cipher, tokens: AccountTokens, account: Account, by: By) -> str:
    """Return the path of the page on which somebody sets their password; it works once, and until the next link."""
    if account.state is AccountState.left:
        raise AccountRefused(f"{account.name} has left: `rejoin` invites them again.")
    found = await accounts.credentials(db, cipher, account.id)
    purpose = Purpose.invitation if account.state is AccountState.invited else Purpose.reset
    return f"/console/{purpose}/{tokens.close(purpose, account.id, found.password if found else '', by.at)}"


async def rename(db: AsyncConnection, cipher: Cipher, account: Account, name: str, by: By) -> Account:
    """Change a name; raise InvalidInput, or AccountRefused if somebody else has it."""
    await accounts.lock(db)
    new = checked_name(name)
    other = await accounts.by_name_or_email(db, cipher, new)
    if other and other.id != account.id:
        raise AccountRefused(f"There is an account of that name already: {other.name}, {other.state}.")
    await accounts.change(db, account.id, by.at, name=new)
    return await _changed(db, cipher, account, by, f"is {new} now")


async def set_role(db: AsyncConnection, cipher: Cipher, account: Account, role: Role, by: By) -> Account:
    """Change what somebody may; raise AccountRefused for the last administrator."""
    if role is not Role.administrator:
        await _keep_an_administrator(db, account)
    await accounts.change(db, account.id, by.at, role=role)
    return await _changed(db, cipher, account, by, f"is {role} now")


async def leave(db: AsyncConnection, cipher: Cipher, account: Account, by: By) -> Account:
    """Let somebody in no more, from this moment; raise AccountRefused for the last administrator."""
    await _keep_an_administrator(db, account)
    await _forget_credentials(db, cipher, account, by, second_factor=True)
    await accounts.change(db, account.id, by.at, state=AccountState.left, adviser=None, mobile=None)
    return await _changed(db, cipher, account, by, "has left")


async def rejoin(db: AsyncConnection, cipher: Cipher, account: Account, by: By) -> Account:
    """Invite somebody again who had left; raise AccountRefused for anybody else."""
    if account.state is not AccountState.left:
        raise AccountRefused(f"{account.name} has not left.")
    await accounts.change(db, account.id, by.at, state=AccountState.invited)
    return await _changed(db, cipher, account, by, f"invited again as {account.role}")


async def reset(db: AsyncConnection, cipher: Cipher, account: Account, by: By, *, second_factor: bool) -> Account:
    """Sign somebody out and forget their password, and their second factor too: a new link sets them.

    Of somebody who is invited, earlier links work no more. Passkeys are both in one: they are forgotten with the second
    factor, and whoever has no app for codes beside them has all set anew, or a link alone would let them in.
    """
    second_factor = second_factor or (account.passkeys > 0 and not account.has_app)
    await _forget_credentials(db, cipher, account, by, second_factor=second_factor)
    what = "password and second factor" if second_factor else "password"
    return await _changed(db, cipher, account, by, f"{what} to be set anew")


async def set_adviser(db: AsyncConnection, cipher: Cipher, account: Account, name: str | None, by: By) -> Account:
    """Say who of the rota somebody is, by name, or that they are nobody there; raise NoSuchAdviser."""
    adviser = await rota.find(db, cipher, name) if name else None
    await accounts.change(db, account.id, by.at, adviser=adviser.id if adviser else None)
    return await _changed(
        db, cipher, account, by, f"is {adviser.name} on the rota" if adviser else "is not on the rota"
    )


async def set_mobile(db: AsyncConnection, cipher: Cipher, account: Account, number: str, by: By) -> Account:
    """Set where somebody is texted what a manager must know; "" forgets it. Raise InvalidInput for no mobile."""
    await accounts.set_mobile(db, cipher, account.id, _mobile(number) if number.strip() else None, by.at)
    return await _changed(db, cipher, account, by, "mobile set" if number.strip() else "mobile forgotten")


async def set_alerts_by(db: AsyncConnection, cipher: Cipher, account: Account, channel: Channel, by: By) -> Account:
    """Set how a manager or administrator is told what is wrong; raise InvalidInput for a text without a mobile."""
    if channel is Channel.text and not account.mobile:
        raise InvalidInput(f"{account.name} has no mobile to be texted at: set it first.")
    await accounts.set_alerts_by(db, account.id, channel, by.at)
    return await _changed(
        db, cipher, account, by, f"alerts by {channel}" if channel is not Channel.none else "no alerts"
    )


async def end_sessions(db: AsyncConnection, account: Account, by: By, but: bytes = b"") -> int:
    """Sign somebody out everywhere, or everywhere but in one session; return how many sessions that were."""
    ended = await staff_sessions.end_all(db, account.id, but)
    if ended:
        await audit.write(db, by, f"account {account.name}: {ended} sessions ended")
    return ended


async def end_session(db: AsyncConnection, account: Account, name: str, by: By) -> None:
    """Sign somebody out in one place, given by what names it in a list; raise NoSuchItem."""
    found = next((one for one in await staff_sessions.of(db, account, by.at) if one.name == name), None)
    if found is None:
        raise NoSuchItem("They are not signed in there any more.")
    await staff_sessions.end(db, found.id)
    await audit.write(db, by, f"account {account.name}: session ended")


async def _forget_credentials(
    db: AsyncConnection, cipher: Cipher, account: Account, by: By, *, second_factor: bool
) -> None:
    await accounts.unset_password(db, account.id, by.at)
    if second_factor:
        await accounts.set_totp(db, cipher, account.id, None, by.at)
        await passkeys.remove_all(db, account.id)
    await staff_sessions.end_all(db, account.id)


async def _keep_an_administrator(db: AsyncConnection, account: Account) -> None:
    await accounts.lock(db)
    if await accounts.active_administrators(db) == [account.id]:
        raise AccountRefused(LAST_ADMINISTRATOR)


async def _changed(db: AsyncConnection, cipher: Cipher, account: Account, by: By, what: str) -> Account:
    await audit.write(db, by, f"account {account.name}: {what}")
    return await read_one(db, cipher, account.id)


def checked_name(text: str) -> str:
    """Return a name as it is kept; raise InvalidInput."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or "@" in name or not name.isprintable() or name.endswith(AT_A_SHELL):
        raise InvalidInput(f"Somebody needs a name, of {LONGEST_NAME} characters at most, such as “Jo Marsh”.")
    return name


def _mobile(text: str) -> str:
    number = parse_number(text)
    if number is None or kind_of(number) is not NumberKind.mobile:
        raise InvalidInput("Write a UK mobile such as 07700 900123: it gets texts about shifts.")
    return number


def checked_email(text: str) -> str:
    """Return an e-mail address as it is kept; raise InvalidInput."""
    email = text.strip()
    if not fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\"]+", email) or len(email) > LONGEST_EMAIL:
        raise InvalidInput("Write an e-mail address such as jo@helpline.example.")
    if not email.isascii() or not email.isprintable():
        raise InvalidInput("An e-mail address has plain letters only.")
    return email
