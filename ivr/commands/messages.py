"""`ivr messages`: what callers have said to our machine, for whoever is to deal with it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ivr.config import Settings, read_settings
from ivr.helpline.phone_numbers import NumberKind, kind_of

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from ivr.store.cipher import Cipher
    from ivr.store.voicemail_list import Voicemail

LONDON = ZoneInfo("Europe/London")
SHORT = 8
"""Characters of a message's name that the list shows: they are enough to name it by."""
SOUNDS = {
    "here": "",
    "coming": "  (not fetched yet)",
    "lost": "  (cannot be fetched: look for {} at the telephone company)",
}

messages = typer.Typer(name="messages", invoke_without_command=True)
Name = Annotated[str, typer.Argument(metavar="ID", help="The name of a message in the list, or how it begins.")]
AsJson = Annotated[bool, typer.Option("--json", help="For a machine to read.")]


@messages.callback()
def show(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that are done, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the messages that callers left, the oldest first; hear one; say that it is done.

    Examples: `ivr messages`, `ivr messages --all --json`, `ivr messages play 3f2a91bc`, `ivr messages done 3f2a91bc`.
    """
    if not context.invoked_subcommand:
        left = asyncio.run(_list(read_settings(), everything))
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in left], indent=2, ensure_ascii=False, default=str))
        else:
            typer.echo("\n".join(map(_line, left)) if left else "No messages are waiting.")


@messages.command()
def play(
    id: Name,
    save: Annotated[Path | None, typer.Option(help="Write it into this file instead (WAV).")] = None,
    as_json: AsJson = False,
) -> None:
    """Print an address at which a message can be heard for ten minutes, or save its sound.

    Whoever has the address can hear it: do not pass it on. A saved file is yours to delete.

    Examples: `ivr messages play 3f2a91bc`, `ivr messages play 3f2a91bc --save message.wav`.
    """
    played = asyncio.run(_play(read_settings(), id, save))
    typer.echo(json.dumps({"address": played}) if as_json and not save else played)


@messages.command()
def done(
    id: Name,
    by: Annotated[str, typer.Option(help="Who has dealt with it; your login name if not given.")] = "",
) -> None:
    """Say that a message has been dealt with: it is deleted thirty days later.

    Examples: `ivr messages done 3f2a91bc`, `ivr messages done 3f2a91bc --by Ruth`.
    """
    typer.echo(asyncio.run(_done(read_settings(), id, by or getuser())))


@asynccontextmanager
async def _opened(settings: Settings) -> "AsyncIterator[tuple[AsyncConnection, Cipher]]":
    from ivr.store.database import COMMAND_PATIENCE, Store

    async with Store(settings.database_url, settings.secrets, COMMAND_PATIENCE) as store, store.begin() as db:
        yield db, store.cipher


async def _list(settings: Settings, everything: bool) -> "list[Voicemail]":
    from ivr.store import voicemail_list

    async with _opened(settings) as (db, cipher):
        return await voicemail_list.read(db, cipher, everything=everything)


async def _play(settings: Settings, begins: str, save: Path | None) -> str:
    from ivr.store import voicemail_audio
    from ivr.web.recording_links import RecordingLinks

    async with _opened(settings) as (db, cipher):
        one = await _find(db, cipher, begins)
        sound = await voicemail_audio.sound(db, cipher, one.id)
    if sound is None:
        raise typer.BadParameter("this message cannot be heard" + SOUNDS[one.sound].format(one.recording))
    if save:
        save.write_bytes(sound)
        return f"Saved in {save}."
    return RecordingLinks(settings.public_url, settings.secrets).address(one.id, settings.clock())


async def _done(settings: Settings, begins: str, by: str) -> str:
    from ivr.store import voicemails as kept

    async with _opened(settings) as (db, cipher):
        one = await _find(db, cipher, begins)
        if await kept.done(db, one.id, by, settings.clock()):
            return f"Done. Message {one.id[:SHORT]} is deleted in thirty days."
        return f"It was done before, by {one.by}."


async def _find(db: "AsyncConnection", cipher: "Cipher", begins: str) -> "Voicemail":
    from ivr.store import voicemail_list

    found = await voicemail_list.find(db, cipher, begins.lower()) if begins else []
    if len(found) != 1:
        raise typer.BadParameter(f"{len(found) or 'no'} messages have a name that begins so")
    return found[0]


def _line(one: "Voicemail") -> str:
    """One message, for a person to read."""
    seconds: Any = "?:??" if one.seconds is None else f"{one.seconds // 60}:{one.seconds % 60:02}"
    when = f"{one.began.astimezone(LONDON):%a %d %b %Y %H:%M}"
    about = [one.topic or "no topic", *([f"last day {one.deadline:%d %b %Y}"] if one.deadline else [])]
    state = f"done by {one.by}" if one.by else "waiting"
    number = "number withheld" if kind_of(one.number) is NumberKind.withheld else one.number
    fields = one.id[:SHORT], when, seconds, state, ", ".join(about), number
    return "  ".join(fields) + SOUNDS[one.sound].format(one.recording)
