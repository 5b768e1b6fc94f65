"""`ivr erase`: forgets one caller."""

import asyncio
import json
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from ivr.config import Number, Settings, read_settings


def _number(text: str) -> str:
    try:
        return TypeAdapter(Number).validate_python(text)
    except ValidationError:
        raise typer.BadParameter("write the number with its country, such as +447700900123") from None


Caller = Annotated[str, typer.Argument(parser=_number, metavar="NUMBER", help="Such as +447700900123.")]


def erase(
    number: Caller, as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False
) -> None:
    """Delete all that is kept of a number, texts that are still to be sent among it.

    What the provider keeps is listed, and deleted there by the worker as soon as it can; the same command again
    shows what is left. That they said STOP is kept, as a keyed hash, so that they are not texted again.

    Example: `ivr erase +447700900123`.
    """
    gone, left = asyncio.run(_erase(read_settings(), number))
    if as_json:
        typer.echo(json.dumps({"erased": gone, "at_the_provider": left}))
        return
    typer.echo("\n".join(f"{rows:6} of {table}" for table, rows in gone.items()))
    typer.echo(f"{len(left):6} still at the provider, to be deleted by the worker" + ":" * bool(left))
    typer.echo("".join(f"       {one['kind']} {one['sid']}\n" for one in left), nl=False)


async def _erase(settings: Settings, number: str) -> tuple[dict[str, int], list[dict[str, Any]]]:
    from ivr.store import erasure
    from ivr.store.database import COMMAND_PATIENCE, Store

    async with Store(settings.database_url, settings.secrets, COMMAND_PATIENCE) as store:
        async with store.begin() as db:
            gone = await erasure.erase(db, store.cipher, number, settings.clock())
            left = (await erasure.export(db, store.cipher, number))["at_the_provider"]
        await store.scrub()
    return gone, left
