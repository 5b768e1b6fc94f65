"""`ivr rota calendar`: the address at which a calendar reads shifts."""

from typing import Annotated
from urllib.parse import urlsplit

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.staff import calendar_feeds as staff
from ivr.store.cipher import Cipher


def calendar(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]", help="As on the rota. Left out: everybody.", autocompletion=database_completion.advisers
        ),
    ] = "",
    *,
    who: Who,
    end: Annotated[bool, typer.Option("--end", help="End it: no calendar reads it any more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make an address at which a calendar reads the shifts of an adviser, or of everybody; the one before ends.

    Give it to them in a way that nobody else reads: it is printed this once. `ivr console` answers there.

    Examples: `ivr rota calendar "Jo Marsh"`, `ivr rota calendar "Jo Marsh" --end`, `ivr rota calendar --json`.
    """
    whose = name or "Everybody"
    if end:
        ended = in_transaction(lambda db, cipher: staff.end(db, cipher, name or None, who))
        line = f"{whose}: no calendar reads the shifts any more." if ended else f"{whose}: there was no address."
        show({"name": name or None, "ended": ended}, [line], as_json=as_json)
        return

    async def make(db: AsyncConnection, cipher: Cipher) -> str:
        return await staff.make(db, cipher, name or None, who)

    url = urlsplit(usable_settings().public_url)
    address = f"{url.scheme}://{url.netloc}{in_transaction(make)}"
    show({"name": name or None, "address": address}, [f"{whose}, for a calendar: {address}"], as_json=as_json)
