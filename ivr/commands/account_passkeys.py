"""`ivr accounts passkeys` and `remove-passkey`: with which passkeys somebody signs in."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands.account_list import Name, format_time
from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.staff import accounts as staff
from ivr.staff import passkeys as staff_passkeys
from ivr.store import passkeys as store
from ivr.store.cipher import Cipher
from ivr.store.passkeys import Passkey


def passkeys(name: Name, as_json: AsJson = False) -> None:
    """Show the passkeys of somebody: when each was made, and last used.

    Examples: `ivr accounts passkeys "Jo Marsh"`, `ivr accounts passkeys jo@helpline.example --json`.
    """

    async def read(db: AsyncConnection, cipher: Cipher) -> list[Passkey]:
        return await store.of(db, (await staff.find(db, cipher, name)).id)

    found = in_transaction(read)
    show([_fields(one) for one in found], map(_line, found), as_json=as_json, nothing="They have no passkey.")


def remove_passkey(
    name: Name,
    passkey: Annotated[str, typer.Argument(metavar="PASSKEY", help="The name of the passkey, as listed.")],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Remove a passkey, such as that of a device that was lost; it signs nobody in from then on.

    For the last way in which somebody can sign in, `ivr accounts reset NAME --second-factor` gives them a link as well.

    Example: `ivr accounts remove-passkey "Jo Marsh" "My telephone"`.
    """

    async def remove(db: AsyncConnection, cipher: Cipher) -> Passkey:
        account = await staff.find(db, cipher, name)
        found = staff_passkeys.by_name(await store.of(db, account.id), passkey)
        return await staff_passkeys.remove(db, cipher, account, found.id, who)

    removed = in_transaction(remove)
    show(_fields(removed), [f"“{removed.name}” is removed."], as_json=as_json)


def _line(passkey: Passkey) -> str:
    used = f"last used {format_time(passkey.used)}" if passkey.used else "not used yet"
    return f"{passkey.name}  made {format_time(passkey.created)}, {used}"


def _fields(passkey: Passkey) -> dict[str, object]:
    return {"name": passkey.name, "made": passkey.created, "used": passkey.used}
