"""`ivr callbacks`: the list of callers whom our advisers ring back."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from getpass import getuser
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.config import Settings, read_settings
from ivr.errors import IvrError
from ivr.helpline.phone_numbers import grouped
from ivr.store import callback_list
from ivr.store.callback_attempts import CallbackAttempt
from ivr.store.callback_list import CallbackItem
from ivr.store.database import COMMAND_PATIENCE, Store

LONDON = ZoneInfo("Europe/London")
SHOWN = 8
"""Letters of an id; any beginning that is only one caller's will do."""

callbacks = typer.Typer(name="callbacks")
Id = Annotated[str, typer.Argument(metavar="ID", help="As listed, or as much of it as is only one caller's.")]
By = Annotated[
    str, typer.Option("--by", default_factory=getuser, show_default="your login name", help="Who of us does it.")
]


class CannotTake(IvrError):
    """A caller who is not on the list, or whom somebody else has claimed."""


@callbacks.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
) -> None:
    """Print who is to be rung back: the urgent first, then whoever has waited longest.

    Examples:

        ivr callbacks

        ivr callbacks claim 3f2a --by Ann

        ivr callbacks ring 3f2a --as Ann

        ivr callbacks attempt 3f2a "no answer" --by Ann

        ivr callbacks done 3f2a --by Ann
    """
    if context.invoked_subcommand:
        return
    items = asyncio.run(_read(read_settings()))
    if as_json:
        typer.echo(json.dumps([{"place": place} | _plain(item) for place, item in enumerate(items, 1)], indent=2))
    else:
        typer.echo("\n".join(line for place, item in enumerate(items, 1) for line in _lines(place, item)) or "Nobody.")


@callbacks.command()
def claim(id: Id, by: By) -> None:
    """Take a caller on yourself: for two hours nobody else can.

    Example: `ivr callbacks claim 3f2a --by Ann`.
    """
    _does(id, lambda db, item, now: callback_list.claim(db, item.id, by, now), f"{by} has them for two hours.")


@callbacks.command()
def release(id: Id, by: By) -> None:
    """Leave a caller to the others again.

    Example: `ivr callbacks release 3f2a --by Ann`.
    """
    _does(id, lambda db, item, now: callback_list.release(db, item.id, by, now), "Anybody can claim them.")


@callbacks.command()
def attempt(id: Id, how: Annotated[str, typer.Argument(help="In a word or two: no answer.")], by: By) -> None:
    """Note that you tried, and how it went.

    Example: `ivr callbacks attempt 3f2a "no answer" --by Ann`.
    """
    _does(id, lambda db, item, now: callback_list.attempt(db, item.id, by, how, now), "Noted.")


@callbacks.command()
def done(id: Id, by: By) -> None:
    """Take a caller off the list whom you have talked to.

    Example: `ivr callbacks done 3f2a --by Ann`.
    """
    _does(id, lambda db, item, now: callback_list.settle(db, item.id, by, now, reached=True), "Off the list.")


@callbacks.command("gave-up")
def gave_up(id: Id, by: By) -> None:
    """Take a caller off the list who cannot be reached.

    Example: `ivr callbacks gave-up 3f2a --by Ann`.
    """
    _does(id, lambda db, item, now: callback_list.settle(db, item.id, by, now, reached=False), "Off the list.")


@callbacks.command()
def ring(
    id: Id,
    adviser: Annotated[str, typer.Option("--as", metavar="NAME|NUMBER", help="Whose telephone rings.")],
    by: By,
) -> None:
    """Ring an adviser, tell them what it is about, and ring the caller when they press 1.

    Our own number shows at both ends. The caller is claimed for that adviser, or for you if the telephone is not on
    the rota.

    Examples: `ivr callbacks ring 3f2a --as Ann`, `ivr callbacks ring 3f2a --as +447700900001`.
    """
    typer.echo(f"{asyncio.run(_ring(read_settings(), id, adviser, by))} is being rung.")


Act = Callable[[AsyncConnection, CallbackItem, datetime], Awaitable[bool]]


def _does(id: str, act: Act, says: str) -> None:
    asyncio.run(_do(read_settings(), id, act))
    typer.echo(says)


async def _do(settings: Settings, id: str, act: Act) -> None:
    now = settings.clock()
    async with _store(settings) as store, store.begin() as db:
        item = _one(await callback_list.read(db, store.cipher, now), id)
        if not await act(db, item, now):
            raise CannotTake(f"{item.by or 'Somebody else'} has claimed them.")


async def _read(settings: Settings) -> list[CallbackItem]:
    async with _store(settings) as store, store.begin() as db:
        return await callback_list.read(db, store.cipher, settings.clock())


async def _ring(settings: Settings, id: str, adviser: str, by: str) -> str:
    from ivr.commands.ring_back import line_of, ring_back

    async with _store(settings) as store:
        async with store.begin() as db:
            item = _one(await callback_list.read(db, store.cipher, settings.clock()), id)
            who, number = await line_of(db, store.cipher, adviser, by)
        async with ring_back(settings, store) as both:
            if not await both.ring(item, who, number):
                raise CannotTake("Somebody else has claimed them.")
    return who


def _store(settings: Settings) -> Store:
    return Store(settings.database_url, settings.secrets, COMMAND_PATIENCE)


def _one(items: Sequence[CallbackItem], beginning: str) -> CallbackItem:
    found = [item for item in items if beginning and item.id.startswith(beginning)]
    if len(found) != 1:
        raise CannotTake(f"{'More than one' if found else 'Nobody'} on the list is called {beginning}…")
    return found[0]


def _lines(place: int, item: CallbackItem) -> list[str]:
    number = grouped(item.number) if item.number else "a number we cannot read"
    last_day = f", last day {item.deadline:%a %d %b %Y}" if item.deadline else ""
    urgent = "URGENT  " if item.urgent else ""
    held = f"; {item.by} has them" if item.by else ""
    first = f"{place:3}  {item.id[:SHOWN]}  {urgent}{number}  {item.topic or 'no topic'}{last_day}"
    return [first, f"     asked {_when(item.asked)}, for: {item.part}{held}", *map(_tried, item.attempts)]


def _tried(attempt: CallbackAttempt) -> str:
    return f"     {_when(attempt.at)} {attempt.who}: {attempt.how}"


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %H:%M}"


def _plain(item: CallbackItem) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(item), default=lambda moment: moment.isoformat()))
    return plain
