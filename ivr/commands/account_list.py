"""`ivr accounts list` and `sessions`: who has an account, and where they are signed in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import in_transaction
from ivr.config import current_time
from ivr.helpline.phone_numbers import grouped
from ivr.helpline.timezone import LONDON
from ivr.staff import accounts as staff
from ivr.staff.accounts import Account, Channel
from ivr.store import accounts as store
from ivr.store import rota, staff_sessions
from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.staff_sessions import StaffSession

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="A name or an e-mail address.", autocompletion=database_completion.account_names
    ),
]


def list_(as_json: AsJson = False) -> None:
    """Show every account: its role and state, and who they are on the rota.

    Examples: `ivr accounts`, `ivr accounts list --json`.
    """
    found, advisers = in_transaction(_read)
    fields = [_fields(one, advisers) for one in found]
    show(fields, (_line(one, advisers) for one in found), as_json=as_json, nothing="Nobody has an account yet.")


def sessions(name: Name, as_json: AsJson = False) -> None:
    """Show where somebody is signed in.

    Examples: `ivr accounts sessions "Jo Marsh"`, `ivr accounts sessions jo@helpline.example --json`.
    """
    now = current_time()

    async def read(db: AsyncConnection, cipher: Cipher) -> list[StaffSession]:
        return await staff_sessions.of(db, await staff.find(db, cipher, name), now)

    found = in_transaction(read)
    fields = [{"id": one.name, "device": one.device, "began": one.began, "seen": one.seen} for one in found]
    lines = (
        f"{one.name}  {one.device}, since {format_time(one.began)}, last at work {format_time(one.seen)}"
        for one in found
    )
    show(fields, lines, as_json=as_json, nothing="They are signed in nowhere.")


def show_one(account: Account, as_json: bool) -> None:
    """Show one account as it is now."""
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
    if account.is_active:
        yield ", ".join(staff.ways_in(account)) or "nothing to sign in with yet"
    if account.mobile:
        yield f"texted at {grouped(account.mobile)}"
    if account.alerts_by:
        yield "no alerts" if account.alerts_by is Channel.none else f"alerts by {account.alerts_by}"
    if account.adviser in advisers:
        yield f"{advisers[account.adviser]} on the rota"


def _fields(account: Account, advisers: dict[str, str]) -> dict[str, Any]:
    return {
        "name": account.name,
        "email": account.email,
        "role": account.role,
        "state": account.state,
        "second_factor": account.has_second_factor,
        "signs_in_with": staff.ways_in(account),
        "adviser": advisers.get(account.adviser or ""),
        "mobile": account.mobile,
        "alerts_by": account.alerts_by,
        "invited": account.created,
    }


def format_time(moment: datetime) -> str:
    """Write a moment by the clock of London."""
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}"
