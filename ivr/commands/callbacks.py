"""`ivr callbacks`: the list of callers to ring back."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from getpass import getuser
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands.arguments import AsJson
from ivr.commands.transaction import in_transaction
from ivr.config import Settings, read_settings
from ivr.errors import IvrError
from ivr.helpline.phone_numbers import grouped
from ivr.helpline.timezone import LONDON
from ivr.store import callback_list
from ivr.store.callback_attempts import CallbackAttempt
from ivr.store.callback_list import CallbackItem
from ivr.store.cipher import Cipher
from ivr.wiring import build_store

SHOWN = 8
"""Characters of an id; any unique prefix will do."""

callbacks = typer.Typer(name="callbacks")
Id = Annotated[str, typer.Argument(metavar="ID", help="As listed, or a unique prefix of it.")]
By = Annotated[
    str, typer.Option("--by", default_factory=getuser, show_default="your login name", help="Who makes the change.")
]


class CannotClaim(IvrError):
    """The caller is not on the list, or is claimed by somebody else."""


@callbacks.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    as_json: AsJson = False,
) -> None:
    """Print the callers to ring back: the urgent first, then by waiting time.

    Examples:

        ivr callbacks

        ivr callbacks claim 3f2a --by Ann

        ivr callbacks ring 3f2a --as Ann

        ivr callbacks attempt 3f2a "no answer" --by Ann

        ivr callbacks done 3f2a --by Ann
    """
    if context.invoked_subcommand:
        return
    now = read_settings().clock()
    items = in_transaction(lambda db, cipher: callback_list.read(db, cipher, now))
    if as_json:
        typer.echo(json.dumps([{"place": place} | _as_json(item) for place, item in enumerate(items, 1)], indent=2))
    else:
        typer.echo("\n".join(line for place, item in enumerate(items, 1) for line in _lines(place, item)) or "Nobody.")


@callbacks.command()
def claim(id: Id, by: By) -> None:
    """Claim a caller: for two hours nobody else can.

    Example: `ivr callbacks claim 3f2a --by Ann`.
    """
    _update(id, lambda db, item, now: callback_list.claim(db, item.id, by, now), f"{by} has them for two hours.")


@callbacks.command()
def release(id: Id, by: By) -> None:
    """Release a claimed caller.

    Example: `ivr callbacks release 3f2a --by Ann`.
    """
    _update(id, lambda db, item, now: callback_list.release(db, item.id, by, now), "Anybody can claim them.")


@callbacks.command()
def attempt(id: Id, how: Annotated[str, typer.Argument(help="In a word or two: no answer.")], by: By) -> None:
    """Record an attempt and its outcome.

    Example: `ivr callbacks attempt 3f2a "no answer" --by Ann`.
    """
    _update(id, lambda db, item, now: callback_list.attempt(db, item.id, by, how, now), "Noted.")


@callbacks.command()
def done(id: Id, by: By) -> None:
    """Remove a caller who was reached from the list.

    Example: `ivr callbacks done 3f2a --by Ann`.
    """
    _update(id, lambda db, item, now: callback_list.settle(db, item.id, by, now, reached=True), "Off the list.")


@callbacks.command("gave-up")
def gave_up(id: Id, by: By) -> None:
    """Remove a caller who cannot be reached from the list.

    Example: `ivr callbacks gave-up 3f2a --by Ann`.
    """
    _update(id, lambda db, item, now: callback_list.settle(db, item.id, by, now, reached=False), "Off the list.")


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


def _update(id: str, act: Act, message: str) -> None:
    now = read_settings().clock()

    async def update(db: AsyncConnection, cipher: Cipher) -> None:
        item = _one(await callback_list.read(db, cipher, now), id)
        if not await act(db, item, now):
            raise CannotClaim(f"{item.by or 'Somebody else'} has claimed them.")

    in_transaction(update)
    typer.echo(message)


async def _ring(settings: Settings, id: str, adviser: str, by: str) -> str:
    from ivr.commands.ring_back import line_of, ring_back

    async with build_store(settings) as store:
        async with store.begin() as db:
            item = _one(await callback_list.read(db, store.cipher, settings.clock()), id)
            who, number = await line_of(db, store.cipher, adviser, by)
        async with ring_back(settings, store) as both:
            if not await both.ring(item, who, number):
                raise CannotClaim("Somebody else has claimed them.")
    return who


def _one(items: Sequence[CallbackItem], beginning: str) -> CallbackItem:
    found = [item for item in items if beginning and item.id.startswith(beginning)]
    if len(found) != 1:
        raise CannotClaim(f"{'More than one' if found else 'Nobody'} on the list is called {beginning}…")
    return found[0]


def _lines(place: int, item: CallbackItem) -> list[str]:
    number = grouped(item.number) if item.number else "a number we cannot read"
    last_day = f", last day {item.deadline:%a %d %b %Y}" if item.deadline else ""
    urgent = "URGENT  " if item.urgent else ""
    held = f"; {item.by} has them" if item.by else ""
    first = f"{place:3}  {item.id[:SHOWN]}  {urgent}{number}  {item.topic or 'no topic'}{last_day}"
    return [first, f"     asked {_format_time(item.asked)}, for: {item.part}{held}", *map(_attempt_line, item.attempts)]


def _attempt_line(attempt: CallbackAttempt) -> str:
    return f"     {_format_time(attempt.at)} {attempt.who}: {attempt.how}"


def _format_time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %H:%M}"


def _as_json(item: CallbackItem) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(item), default=lambda moment: moment.isoformat()))
    return plain
