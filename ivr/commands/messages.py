"""`ivr messages`: voicemail, for advisers."""

import json
from dataclasses import asdict
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands.arguments import AsJson
from ivr.commands.transaction import in_transaction
from ivr.config import Settings, read_settings
from ivr.helpline.phone_numbers import NumberKind, kind_of
from ivr.helpline.timezone import LONDON
from ivr.store import voicemail_audio, voicemail_list, voicemails
from ivr.store.cipher import Cipher
from ivr.store.voicemail_list import Voicemail
from ivr.tokens import RecordingLinks

SHORT = 8
"""Characters of an id in the list; any unique prefix will do."""
AUDIO_STATES = {
    "here": "",
    "coming": "  (not fetched yet)",
    "lost": "  (cannot be fetched: look for {} at the telephone company)",
}

messages = typer.Typer(name="messages", invoke_without_command=True)
Name = Annotated[str, typer.Argument(metavar="ID", help="As listed, or a unique prefix of it.")]


@messages.callback()
def show(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Include those that are done.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the messages that callers left, oldest first; play one; mark it as done.

    Examples: `ivr messages`, `ivr messages --all --json`, `ivr messages play 3f2a91bc`, `ivr messages done 3f2a91bc`.
    """
    if not context.invoked_subcommand:
        left = in_transaction(lambda db, cipher: voicemail_list.read(db, cipher, everything=everything))
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in left], indent=2, ensure_ascii=False, default=str))
        else:
            typer.echo("\n".join(map(_line, left)) if left else "No messages are waiting.")


@messages.command()
def play(
    id: Name,
    save: Annotated[Path | None, typer.Option(help="Save it to this file instead (WAV).")] = None,
    as_json: AsJson = False,
) -> None:
    """Print a link to the recording of a message, valid for ten minutes, or save it to a file.

    Whoever has the link can play it: do not pass it on. Delete a saved file yourself.

    Examples: `ivr messages play 3f2a91bc`, `ivr messages play 3f2a91bc --save message.wav`.
    """
    played = _play(read_settings(), id, save)
    typer.echo(json.dumps({"address": played}) if as_json and not save else played)


@messages.command()
def done(
    id: Name,
    by: Annotated[str, typer.Option(help="Who dealt with it; your login name if left out.")] = "",
) -> None:
    """Mark a message as done: it is deleted thirty days later.

    Examples: `ivr messages done 3f2a91bc`, `ivr messages done 3f2a91bc --by Ruth`.
    """
    typer.echo(in_transaction(lambda db, cipher: _done(db, cipher, id, by or getuser())))


async def _with_audio(db: AsyncConnection, cipher: Cipher, prefix: str) -> tuple[Voicemail, bytes | None]:
    one = await _find(db, cipher, prefix)
    return one, await voicemail_audio.sound(db, cipher, one.id)


def _play(settings: Settings, prefix: str, save: Path | None) -> str:
    one, sound = in_transaction(lambda db, cipher: _with_audio(db, cipher, prefix))
    if sound is None:
        raise typer.BadParameter("this message cannot be heard" + AUDIO_STATES[one.sound].format(one.recording))
    if save:
        save.write_bytes(sound)
        return f"Saved in {save}."
    return RecordingLinks(settings.public_url, settings.secrets).address(one.id, settings.clock())


async def _done(db: AsyncConnection, cipher: Cipher, prefix: str, by: str) -> str:
    one = await _find(db, cipher, prefix)
    if await voicemails.done(db, one.id, by, read_settings().clock()):
        return f"Done. Message {one.id[:SHORT]} is deleted in thirty days."
    return f"It was done before, by {one.by}."


async def _find(db: AsyncConnection, cipher: Cipher, prefix: str) -> Voicemail:
    found = await voicemail_list.find(db, cipher, prefix.lower()) if prefix else []
    if len(found) != 1:
        raise typer.BadParameter(f"{len(found) or 'no'} messages have a name that begins so")
    return found[0]


def _line(one: Voicemail) -> str:
    """Format one message as a line of the list."""
    seconds: Any = "?:??" if one.seconds is None else f"{one.seconds // 60}:{one.seconds % 60:02}"
    when = f"{one.began.astimezone(LONDON):%a %d %b %Y %H:%M}"
    about = [one.topic or "no topic", *([f"last day {one.deadline:%d %b %Y}"] if one.deadline else [])]
    state = f"done by {one.by}" if one.by else "waiting"
    number = "number withheld" if kind_of(one.number) is NumberKind.withheld else one.number
    fields = one.id[:SHORT], when, seconds, state, ", ".join(about), number
    return "  ".join(fields) + AUDIO_STATES[one.sound].format(one.recording)
