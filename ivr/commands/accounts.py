"""`ivr accounts`: who of staff may sign in to the staff pages, and what they may."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.helpline.timezone import LONDON
from ivr.staff import accounts as staff
from ivr.staff.accounts import Account, Role
from ivr.store import accounts as store
from ivr.store import rota, staff_sessions
from ivr.store.audit import By
from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.staff_sessions import StaffSession
from ivr.tokens import LIFETIMES, AccountTokens, Purpose

accounts = typer.Typer(name="accounts", cls=ListGroup)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="A name or an e-mail address.", autocompletion=database_completion.account_names
    ),
]
ROLE_HELP = "adviser: callers; manager: also the audit log and what others did; administrator: also accounts."


@accounts.callback()
def group() -> None:
    """Show and change who may sign in to the staff pages; without a command, show them.

    Examples:

        ivr accounts add "Jo Marsh" jo@helpline.example --role administrator

        ivr accounts leave "Jo Marsh"
    """


@accounts.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show every account: its role and state, and who they are on the rota.

    Examples: `ivr accounts`, `ivr accounts list --json`.
    """
    found, advisers = in_transaction(_read)
    fields = [_fields(one, advisers) for one in found]
    show(fields, (_line(one, advisers) for one in found), as_json=as_json, nothing="Nobody has an account yet.")


@accounts.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As the lists and the audit log show it.")],
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="What they sign in with.")],
    who: Who,
    role: Annotated[Role, typer.Option("--role", help=ROLE_HELP)] = Role.adviser,
    as_json: AsJson = False,
) -> None:
    """Invite somebody, and print the link on which they set their password; it is good for seven days, and once.

    Give it to them in a way that nobody else reads. The first administrator is made so.

    Examples: `ivr accounts add "Jo Marsh" jo@helpline.example`,
    `ivr accounts add Ada ada@helpline.example --role administrator --json`.
    """

    async def invite(db: AsyncConnection, cipher: Cipher) -> tuple[Account, str]:
        return await _with_link(db, cipher, await staff.invite(db, cipher, name, email, role, who), who)

    _show_link(*in_transaction(invite), who, as_json)


@accounts.command("role")
def role_(
    name: Name,
    role: Annotated[Role, typer.Argument(metavar="ROLE", help=ROLE_HELP)],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Change what somebody may.

    Example: `ivr accounts role "Jo Marsh" manager`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> Account:
        return await staff.set_role(db, cipher, await staff.find(db, cipher, name), role, who)

    _show_one(in_transaction(change), as_json)


@accounts.command()
def rename(
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Change a name; entries of the audit log keep the old one.

    Example: `ivr accounts rename "Jo Marsh" "Jo Hill"`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> Account:
        return await staff.rename(db, cipher, await staff.find(db, cipher, name), new, who)

    _show_one(in_transaction(change), as_json)


@accounts.command()
def adviser(
    name: Name,
    on_rota: Annotated[
        str,
        typer.Argument(
            metavar="[ADVISER]", help="Left out: they are nobody there.", autocompletion=database_completion.advisers
        ),
    ] = "",
    *,
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Say who of the rota somebody is, whose telephone is rung when they ring somebody back.

    Examples: `ivr accounts adviser jo@helpline.example "Jo Marsh"`, `ivr accounts adviser Jo`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> Account:
        return await staff.set_adviser(db, cipher, await staff.find(db, cipher, name), on_rota or None, who)

    _show_one(in_transaction(change), as_json)


@accounts.command()
def leave(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Let somebody in no more, and sign them out everywhere at once. Their name stays in the audit log.

    Example: `ivr accounts leave "Jo Marsh"`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> Account:
        return await staff.leave(db, cipher, await staff.find(db, cipher, name), who)

    _show_one(in_transaction(change), as_json)


@accounts.command()
def rejoin(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Invite somebody again who had left, and print their link.

    Example: `ivr accounts rejoin "Jo Marsh"`.
    """

    async def invite(db: AsyncConnection, cipher: Cipher) -> tuple[Account, str]:
        return await _with_link(
            db, cipher, await staff.rejoin(db, cipher, await staff.find(db, cipher, name), who), who
        )

    _show_link(*in_transaction(invite), who, as_json)


@accounts.command()
def reset(
    name: Name,
    who: Who,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="The app for codes too, such as for a lost telephone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Sign somebody out, forget their password, and print a link on which they set another; it is good for two hours.

    For somebody who is invited, it prints a new invitation; the one before works no more.

    Examples: `ivr accounts reset "Jo Marsh"`, `ivr accounts reset jo@helpline.example --second-factor --json`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> tuple[Account, str]:
        account = await staff.find(db, cipher, name)
        account = await staff.reset(db, cipher, account, who, second_factor=second_factor)
        return await _with_link(db, cipher, account, who)

    _show_link(*in_transaction(change), who, as_json)


@accounts.command()
def sessions(name: Name, as_json: AsJson = False) -> None:
    """Show where somebody is signed in.

    Examples: `ivr accounts sessions "Jo Marsh"`, `ivr accounts sessions jo@helpline.example --json`.
    """
    now = current_time()

    async def read(db: AsyncConnection, cipher: Cipher) -> list[StaffSession]:
        return await staff_sessions.of(db, await staff.find(db, cipher, name), now)

    found = in_transaction(read)
    fields = [{"id": one.name, "device": one.device, "began": one.began, "seen": one.seen} for one in found]
    lines = (f"{one.name}  {one.device}, since {_time(one.began)}, last at work {_time(one.seen)}" for one in found)
    show(fields, lines, as_json=as_json, nothing="They are signed in nowhere.")


@accounts.command("end-sessions")
def end_sessions(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Sign somebody out everywhere.

    Example: `ivr accounts end-sessions "Jo Marsh"`.
    """

    async def end(db: AsyncConnection, cipher: Cipher) -> int:
        return await staff.end_sessions(db, await staff.find(db, cipher, name), who)

    ended = in_transaction(end)
    show({"ended": ended}, [f"{ended} sessions ended."], as_json=as_json)


async def _with_link(db: AsyncConnection, cipher: Cipher, account: Account, who: By) -> tuple[Account, str]:
    settings = usable_settings()
    url = urlsplit(settings.public_url)
    path = await staff.link(db, cipher, AccountTokens(settings.secrets), account, who)
    return account, f"{url.scheme}://{url.netloc}{path}"


def _show_link(account: Account, address: str, who: By, as_json: bool) -> None:
    until = who.at + LIFETIMES[Purpose.invitation if "/invitation/" in address else Purpose.reset]
    line = f"{account.name} sets a password here, until {_time(until)}: {address}"
    show({"name": account.name, "link": address, "until": until}, [line], as_json=as_json)


def _show_one(account: Account, as_json: bool) -> None:
    _, advisers = in_transaction(_read)
    show(_fields(account, advisers), [_line(account, advisers)], as_json=as_json)


async def _read(db: AsyncConnection, cipher: Cipher) -> tuple[list[Account], dict[str, str]]:
    """Return the accounts, and the names of the advisers by id."""
    return await store.read(db, cipher), {one.id: one.name for one in await rota.read(db, cipher)}


def _line(account: Account, advisers: dict[str, str]) -> str:
    return "  ".join(_parts(account, advisers))


def _parts(account: Account, advisers: dict[str, str]) -> Iterator[str]:
    yield account.name
    yield account.email or f"({UNREADABLE})"
    yield f"{account.role}, {account.state}"
    if account.is_active and not account.has_second_factor:
        yield "second factor to be set up"
    if account.adviser in advisers:
        yield f"{advisers[account.adviser]} on the rota"


def _fields(account: Account, advisers: dict[str, str]) -> dict[str, Any]:
    return {
        "name": account.name,
        "email": account.email,
        "role": account.role,
        "state": account.state,
        "second_factor": account.has_second_factor,
        "adviser": advisers.get(account.adviser or ""),
        "invited": account.created,
    }


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}"
