"""`ivr accounts`: who of staff may sign in to the staff pages, and what they may."""

from typing import Annotated
from urllib.parse import urlsplit

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.account_list import Name, format_time, list_, sessions, show_one
from ivr.commands.account_passkeys import passkeys, remove_passkey
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.staff import accounts as staff
from ivr.staff import single_sign_on
from ivr.staff.accounts import Account, Channel, Role
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.tokens import LIFETIMES, AccountTokens, Purpose

accounts = typer.Typer(name="accounts", cls=ListGroup)
accounts.command("list")(list_)
ROLE_HELP = "adviser: callers; manager: also the audit log and what others did; administrator: also accounts."


@accounts.callback()
def group() -> None:
    """Show and change who may sign in to the staff pages; without a command, show them.

    Examples:

        ivr accounts add "Jo Marsh" jo@helpline.example --role administrator

        ivr accounts leave "Jo Marsh"
    """


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

    show_one(in_transaction(change), as_json)


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

    show_one(in_transaction(change), as_json)


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

    show_one(in_transaction(change), as_json)


@accounts.command()
def mobile(
    name: Name,
    number: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER]", help="Such as 07700 900123. Left out: they are not texted."),
    ] = None,
    *,
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Set where a manager is texted when an adviser cannot come to a shift, or has not confirmed it.

    Examples: `ivr accounts mobile "Jo Marsh" 07700 900123`, `ivr accounts mobile "Jo Marsh"`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> Account:
        return await staff.set_mobile(db, cipher, await staff.find(db, cipher, name), " ".join(number or ()), who)

    show_one(in_transaction(change), as_json)


@accounts.command()
def alerts(
    name: Name,
    by: Annotated[Channel, typer.Argument(metavar="text|email|none", help="By text, by e-mail, or not at all.")],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Set how a manager or administrator is told what is wrong with the helpline (`ivr alerts`).

    Examples: `ivr accounts alerts "Jo Marsh" email`, `ivr accounts alerts "Jo Marsh" none`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> Account:
        return await staff.set_alerts_by(db, cipher, await staff.find(db, cipher, name), by, who)

    show_one(in_transaction(change), as_json)


@accounts.command()
def leave(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Let somebody in no more, and sign them out everywhere at once. Their name stays in the audit log.

    Example: `ivr accounts leave "Jo Marsh"`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> Account:
        return await staff.leave(db, cipher, await staff.find(db, cipher, name), who)

    show_one(in_transaction(change), as_json)


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
        bool,
        typer.Option("--second-factor", help="The app for codes and the passkeys too, such as for a lost telephone."),
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


accounts.command("sessions")(sessions)
accounts.command("passkeys")(passkeys)
accounts.command("remove-passkey")(remove_passkey)


@accounts.command("forget-sso")
def forget_sso(name: Name, who: Who, as_json: AsJson = False) -> None:
    """Forget whom the identity provider knows as somebody, such as where their account there was made anew.

    They are signed out; whoever comes from there next with their e-mail address has the account.

    Example: `ivr accounts forget-sso "Jo Marsh"`.
    """

    async def change(db: AsyncConnection, cipher: Cipher) -> Account:
        return await single_sign_on.forget(db, cipher, await staff.find(db, cipher, name), who)

    show_one(in_transaction(change), as_json)


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
    line = f"{account.name} sets a password here, until {format_time(until)}: {address}"
    show({"name": account.name, "link": address, "until": until}, [line], as_json=as_json)
