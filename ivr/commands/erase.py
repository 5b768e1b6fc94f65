"""`ivr erase`: deletes all data kept for a phone number."""

import asyncio
import json
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from ivr.commands.arguments import AsJson
from ivr.config import Number, Settings, read_settings
from ivr.store import erasure
from ivr.wiring import build_store


def _number(text: str) -> str:
    try:
        return TypeAdapter(Number).validate_python(text)
    except ValidationError:
        raise typer.BadParameter("write the number with its country, such as +447700900123") from None


PhoneNumber = Annotated[str, typer.Argument(parser=_number, metavar="NUMBER", help="Such as +447700900123.")]


def erase(number: PhoneNumber, as_json: AsJson = False) -> None:
    """Delete all data kept for a phone number, including texts that are not sent yet.

    The worker deletes the provider's copies, which are listed; run the command again to see which are left.
    An opt-out (STOP) is kept as a keyed hash, so that the number is not texted again.

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
    async with build_store(settings) as store:
        async with store.begin() as db:
            gone = await erasure.erase(db, store.cipher, number, settings.clock())
            left = (await erasure.export(db, store.cipher, number))["at_the_provider"]
        await store.scrub()
    return gone, left
