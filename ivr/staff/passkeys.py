"""Passkeys: made by somebody who is signed in or has a link, used to sign in, and removed.

A passkey is two factors in one: the device that has it, and the finger, face or PIN by which the device knows its
owner. What a browser brings back is verified by a Verifier, which comes in as an argument.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import AccountRefused
from ivr.staff.lookup import NoSuchItem
from ivr.staff.sign_in import TOO_LATE, From, NotSignedIn, SignIn, check_way, count_try, take_token
from ivr.store import accounts, audit, failed_sign_ins, passkeys, staff_sessions
from ivr.store.accounts import Account
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.failed_sign_ins import Kind
from ivr.store.passkeys import Passkey
from ivr.store.staff_sessions import StaffSession

CHALLENGE_LIFETIME = timedelta(minutes=5)
FRESH = timedelta(minutes=15)
"""After how long one signs in again before one adds a passkey: whoever finds a browser open is not to stay in."""
LONGEST_NAME = 40
MOST = 20
SIGNING_IN = "passkey"
UNKNOWN = "That passkey signs nobody in here. Take another, or your password."
COUNT_WENT_BACK = (
    "That passkey was used elsewhere meanwhile, so there may be a copy of it. Please tell an administrator."
)
NOT_FRESH = "Please sign in again before you add a passkey: you did so more than fifteen minutes ago."
LAST_WAY = "That is the last way in which {name} can sign in: add another passkey first."


class PasskeyRefused(NotSignedIn):
    """What a browser brought back cannot be verified."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings back: the id of the passkey, whose it says that it is, our challenge, and all of it."""

    id: str
    account: str | None
    challenge: str
    whole: str = field(repr=False)


class Made(NamedTuple):
    """A passkey that was made: its id, its public key, and the count of its device."""

    id: str
    public_key: str
    sign_count: int


class Verifier(Protocol):
    """Verifies what browsers bring back, for the address at which our pages are."""

    def made(self, answer: Answer) -> Made:
        """Return the passkey that was made; raise PasskeyRefused."""

    def used(self, answer: Answer, public_key: str) -> int:
        """Return the count of a passkey that was used; raise PasskeyRefused."""


def challenge(by: SignIn, random: bytes, at: datetime, account: str = "") -> str:
    """Return a challenge to sign in with a passkey, or to make one for an account (its id)."""
    return by.sealed.close(random, _purpose(account), at + CHALLENGE_LIFETIME)


async def sign_in(by: SignIn, verifier: Verifier, answer: Answer, source: From) -> str:
    """Return the token of a session that begins; raise NotSignedIn."""
    passkey, account = await _find(by, answer.id)
    tried = await count_try(by, Kind.passkey, (account.email or account.id) if account else answer.id, source)
    await take_challenge(by, answer, source.at)
    if passkey is None or account is None or answer.account != account.id or not account.is_active:
        raise PasskeyRefused(UNKNOWN)
    count = verifier.used(answer, passkey.public_key)
    check_way(by, account)
    who = By(account.name, source.at, account.id)
    async with by.store.begin() as db:
        if await passkeys.by_id(db, passkey.id) is None:  # it was removed in this moment
            raise PasskeyRefused(UNKNOWN)
        if goes_on := await passkeys.use(db, passkey.id, count, source.at):
            await failed_sign_ins.take_back(db, tried)
            token = await staff_sessions.begin(db, account.id, source.device, source.at)
        await audit.write(db, who, _used(passkey, goes_on=goes_on))
    if not goes_on:
        raise PasskeyRefused(COUNT_WENT_BACK)
    return token


async def add(by: SignIn, verifier: Verifier, account: Account, name: str, answer: Answer, at: datetime) -> None:
    """Add a passkey to one's own account; raise NotSignedIn or AccountRefused."""
    made = await new_passkey(by, verifier, account, name, answer, at)
    async with by.store.begin() as db:
        await keep(db, made)
        await audit.write(db, By(account.name, at, account.id), f"account {account.name}: passkey “{made.name}” added")


async def new_passkey(
    by: SignIn, verifier: Verifier, account: Account, name: str, answer: Answer, at: datetime
) -> Passkey:
    """Return the passkey that was made, which is not kept yet; raise NotSignedIn or AccountRefused."""
    name = _name(name)
    await take_challenge(by, answer, at, account.id)
    made = verifier.made(answer)
    return Passkey(made.id, account.id, made.public_key, made.sign_count, name, at)


async def keep(db: AsyncConnection, passkey: Passkey) -> None:
    """Add a passkey; raise AccountRefused where there is one of that name or id, or there are very many."""
    await accounts.lock(db)
    theirs = await passkeys.of(db, passkey.account)
    if len(theirs) >= MOST:
        raise AccountRefused(f"There are {MOST} passkeys already: remove one first.")
    if any(one.name.casefold() == passkey.name.casefold() for one in theirs):
        raise AccountRefused(f"There is a passkey “{passkey.name}” already: give this one another name.")
    if not await passkeys.add(db, passkey):
        raise AccountRefused("That passkey is here already.")


async def remove(db: AsyncConnection, cipher: Cipher, account: Account, id: str, by: By) -> Passkey:
    """Remove a passkey, given by its id; raise NoSuchItem, or AccountRefused for the last way to sign in."""
    await accounts.lock(db)
    theirs = await passkeys.of(db, account.id)
    found = next((one for one in theirs if one.id == id), None)
    now = await accounts.by_id(db, cipher, account.id)
    if found is None or now is None:
        raise NoSuchItem("There is no such passkey any more.")
    if len(theirs) == 1 and not ((now.has_password and now.has_app) or now.has_single_sign_on):
        raise AccountRefused(LAST_WAY.format(name=account.name))
    await passkeys.remove(db, found.id)
    await audit.write(db, by, f"account {account.name}: passkey “{found.name}” removed")
    return found


def by_name(theirs: Sequence[Passkey], name: str) -> Passkey:
    """Return the passkey of a name, in any case; raise NoSuchItem."""
    found = next((one for one in theirs if one.name.casefold() == name.strip().casefold()), None)
    if found is None:
        known = ", ".join(f"“{one.name}”" for one in theirs) or "none"
        raise NoSuchItem(f"There is no passkey “{name}”; they have: {known}.")
    return found


def may_add(account: Account, session: StaffSession | None, at: datetime) -> bool:
    """Return whether somebody may add a passkey now: they may have one, and have signed in lately."""
    return session is not None and at - session.began < FRESH and may_have(account)


def may_have(account: Account) -> bool:
    """Return whether passkeys are for somebody: not if they come by single sign-on alone, which ends at the council."""
    return not account.has_single_sign_on or account.has_password or account.passkeys > 0


async def take_challenge(by: SignIn, answer: Answer, at: datetime, account: str = "") -> None:
    """Take a challenge of ours, which is good once; raise PasskeyRefused."""
    await take_token(by, answer.challenge, _purpose(account), PasskeyRefused(TOO_LATE), at)


async def _find(by: SignIn, id: str) -> tuple[Passkey | None, Account | None]:
    async with by.store.read() as db:
        passkey = await passkeys.by_id(db, id)
        return passkey, await accounts.by_id(db, by.store.cipher, passkey.account) if passkey else None


def _used(passkey: Passkey, *, goes_on: bool) -> str:
    if goes_on:
        return f"signed in with the passkey “{passkey.name}”"
    return f"not signed in: the count of the passkey “{passkey.name}” went back, so there may be a copy of it"


def _purpose(account: str) -> str:
    return f"passkey of {account}" if account else SIGNING_IN


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise AccountRefused(f"Give it a name of {LONGEST_NAME} characters at most, such as “My telephone”.")
    return name
