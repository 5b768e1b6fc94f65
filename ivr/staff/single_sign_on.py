"""Signing in by single sign-on: the account of whom the identity provider knows, with the role of their groups.

Who somebody is was verified before, and comes in as an Identity. An account is found by its subject, else by an
e-mail address for which the provider vouches, else it is made.
"""

from collections.abc import Iterable, Mapping
from itertools import count

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import AccountRefused, InvalidInput
from ivr.identity_provider import Identity
from ivr.staff.accounts import AT_A_SHELL, LONGEST_NAME, checked_email, checked_name, read_one
from ivr.staff.sign_in import From, NotSignedIn, SignIn
from ivr.store import accounts, audit, staff_sessions
from ivr.store.accounts import Account, AccountState, Role
from ivr.store.audit import By
from ivr.store.cipher import Cipher

NO_GROUP = (
    "You are in none of the groups that use these pages. Please ask whoever looks after the groups at {provider}."
)
NO_EMAIL = (
    "{provider} does not tell us your e-mail address, so we cannot make you an account. Please ask an administrator."
)
NOT_VOUCHED = (
    "There is an account with your e-mail address already, and {provider} does not say that the address is yours."
    " Please ask an administrator."
)
TAKEN = (
    "Somebody else of {provider}, or you before your account there was made anew, comes in with your e-mail address."
    " Please ask an administrator, who can have the account forget that."
)
LEFT = "Your account here was ended. Please ask an administrator, if that is a mistake."
ROOM = 10
"""Characters of a name that are left for what tells two people of one name apart."""


class NoWayIn(NotSignedIn):
    """Somebody whom the identity provider knows does not come in here; `account` is theirs, if there is one."""

    def __init__(self, says: str, account: Account | None = None) -> None:
        super().__init__(says)
        self.account = account


async def sign_in(by: SignIn, identity: Identity, roles: Mapping[str, str], provider: str, source: From) -> str:
    """Return the token of a session that begins; raise NoWayIn. `roles` are those of groups, `provider` is its name."""
    try:
        async with by.store.begin() as db:
            await accounts.lock(db)
            return await _enter(db, by.store.cipher, identity, role_of(identity.groups, roles), provider, source)
    except NoWayIn as refused:
        await _write_down(by, refused, source)
        raise


def role_of(groups: Iterable[str], roles: Mapping[str, str]) -> Role | None:
    """Return the highest role of somebody's groups; None if none of them has one.

    >>> role_of(["staff", "bosses"], {"bosses": "manager", "staff": "adviser"})
    <Role.manager: 'manager'>
    >>> role_of(["cooks"], {"staff": "adviser"})
    """
    theirs = {roles[group] for group in groups if group in roles}
    return max((Role(role) for role in theirs), key=list(Role).index, default=None)


async def _enter(
    db: AsyncConnection, cipher: Cipher, identity: Identity, role: Role | None, provider: str, source: From
) -> str:
    account = await accounts.by_subject(db, cipher, identity.issuer, identity.subject)
    if account is None:
        account = await _to_be_bound(db, cipher, identity, provider)
    if account and account.state is AccountState.left:
        raise NoWayIn(LEFT, account)
    if role is None:
        raise NoWayIn(NO_GROUP.format(provider=provider), account)
    told = [] if account else ["made by single sign-on"]
    account = account or await _made(db, cipher, identity, role, provider, source)
    told += await _brought_up_to_date(db, cipher, account, identity, role, source)
    token = await staff_sessions.begin(db, account.id, source.device, source.at)
    who = By(account.name, source.at, account.id)
    for what in told:
        await audit.write(db, who, f"account {account.name}: {what}")
    await audit.write(db, who, "signed in by single sign-on")
    return token


async def _to_be_bound(db: AsyncConnection, cipher: Cipher, identity: Identity, provider: str) -> Account | None:
    """Return the account of somebody's e-mail address, if they come for the first time and it is theirs."""
    found = await accounts.by_email(db, cipher, identity.email) if identity.email else None
    if found and not identity.is_verified:
        raise NoWayIn(NOT_VOUCHED.format(provider=provider), found)
    if found and found.has_single_sign_on:
        raise NoWayIn(TAKEN.format(provider=provider), found)
    return found


async def forget(db: AsyncConnection, cipher: Cipher, account: Account, by: By) -> Account:
    """Forget whom the identity provider knows as an account, and sign them out; raise AccountRefused for nobody.

    Whoever comes from there next with its e-mail address has it, if the provider vouches for that.
    """
    if not account.has_single_sign_on:
        raise AccountRefused(f"{account.name} has not come by single sign-on.")
    await accounts.unbind(db, account.id, by.at)
    await staff_sessions.end_all(db, account.id)
    await audit.write(db, by, f"account {account.name}: single sign-on forgotten")
    return await read_one(db, cipher, account.id)


async def _made(
    db: AsyncConnection, cipher: Cipher, identity: Identity, role: Role, provider: str, source: From
) -> Account:
    try:
        email = checked_email(identity.email)
    except InvalidInput:
        raise NoWayIn(NO_EMAIL.format(provider=provider)) from None
    name = await _name_of_its_own(db, cipher, identity.name or email)
    return await accounts.add(db, cipher, name, email, role, source.at)


async def _brought_up_to_date(
    db: AsyncConnection, cipher: Cipher, account: Account, identity: Identity, role: Role, source: From
) -> list[str]:
    """Change an account to what the provider says of it; return what was changed, in words."""
    told = list[str]()
    if not account.has_single_sign_on:
        await accounts.bind(db, cipher, account.id, identity.issuer, identity.subject, source.at)
        told.append("signs in by single sign-on from now on")
    if not account.is_active:
        await accounts.change(db, account.id, source.at, state=AccountState.active)
    if account.role is not role:
        if await accounts.active_administrators(db) == [account.id]:
            return [*told, f"stays administrator, as there is no other, though their groups say {role}"]
        await accounts.change(db, account.id, source.at, role=role)
        told.append(f"is {role} now, by their groups")
    return told


async def _name_of_its_own(db: AsyncConnection, cipher: Cipher, text: str) -> str:
    """Return a name that nobody has: two people of one name are told apart by a number."""
    name = _usable(text)
    for n in count(2):
        if await accounts.by_name_or_email(db, cipher, name) is None:
            return name
        name = f"{_usable(text)} {n}"
    raise AssertionError


def _usable(text: str) -> str:
    """Return a name in which nothing is that we do not keep in one.

    >>> _usable("Jo  Marsh"), _usable("jo.marsh@devon.example"), _usable("root (shell)"), _usable("\\x07")
    ('Jo Marsh', 'jo.marsh', 'root', 'Somebody')
    """
    printable = "".join(sign for sign in text.partition("@")[0] if sign.isprintable())
    name = " ".join(printable.split())[: LONGEST_NAME - ROOM].removesuffix(AT_A_SHELL.strip()).strip()
    return checked_name(name or "Somebody")


async def _write_down(by: SignIn, refused: NoWayIn, source: From) -> None:
    if refused.account:
        who = By(refused.account.name, source.at, refused.account.id)
        async with by.store.begin() as db:
            await audit.write(db, who, f"not signed in by single sign-on: {refused}")
