"""Accounts of staff for tests: invited, set up by their link, and signed in, with passwords that are hashed at once."""

from dataclasses import dataclass
from datetime import datetime

from pyotp import TOTP

from ivr.staff import account_links, accounts, sign_in
from ivr.staff.accounts import Account, Role
from ivr.staff.sign_in import From, SignIn
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.tokens import AccountTokens, Purpose, SignInTokens
from tests.store.conftest import SECRETS
from tests.store.fixtures import NOW

TOKENS, SEALED = AccountTokens(SECRETS), SignInTokens(SECRETS)
PASSWORD = "kettle orbit velvet"
BY = By("Sam", NOW)
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


class PlainPasswords:
    """Hashes that take no time, and say which scheme made them."""

    scheme = "plain"

    async def hash(self, password: str) -> str:
        return f"{self.scheme}:{password}"

    async def verify(self, password: str, hashed: str | None) -> bool:
        return (hashed or "").partition(":")[2] == password

    def is_outdated(self, hashed: str) -> bool:
        return not hashed.startswith(f"{self.scheme}:")


@dataclass
class Person:
    """Somebody with an account, and their app for codes."""

    account: Account
    secret: str

    def code(self, at: datetime) -> str:
        return TOTP(self.secret).at(at)


def sign_in_of(store: Store) -> SignIn:
    return SignIn(store, PlainPasswords(), TOKENS, SEALED)


def source(at: datetime = NOW, address: str = HERE) -> From:
    return From(address, "Firefox on Linux", at)


def email_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@helpline.example"


async def invite(store: Store, name: str, role: Role = Role.adviser) -> Account:
    async with store.begin() as db:
        return await accounts.invite(db, store.cipher, name, email_of(name), role, BY)


async def link_of(store: Store, account: Account, at: datetime = NOW, tokens: AccountTokens = TOKENS) -> str:
    """Return the token in the link of an account."""
    async with store.begin() as db:
        path = await accounts.link(db, store.cipher, tokens, account, By("Sam", at))
    return path.rpartition("/")[2]


async def person(store: Store, name: str, role: Role = Role.adviser, at: datetime = NOW) -> Person:
    """Return somebody who has followed their invitation."""
    account = await invite(store, name, role)
    token = await link_of(store, account, at)
    secret = TOKENS.totp_secret(token)
    code = TOTP(secret).at(at)
    await account_links.with_link(sign_in_of(store), Purpose.invitation, token, PASSWORD, code, source(at))
    async with store.begin() as db:
        return Person(await accounts.read_one(db, store.cipher, account.id), secret)


async def signed_in(store: Store, who: Person, at: datetime, address: str = HERE) -> str:
    """Return the token of a session that somebody begins."""
    by, where = sign_in_of(store), source(at, address)
    half = await sign_in.with_password(by, who.account.email or "", PASSWORD, where)
    return await sign_in.with_code(by, half, who.code(at), where)
