"""`ivr messages`: voicemail, for advisers."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands import database_completion
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson
from ivr.commands.output import show, write_private
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.engine.content import YOUNG_PERSON
from ivr.helpline.phone_numbers import NumberKind, kind_of
from ivr.helpline.timezone import LONDON
from ivr.staff import voicemails as staff
from ivr.staff.lookup import SHOWN
from ivr.store import voicemail_list
from ivr.store.cipher import UNREADABLE
from ivr.store.voicemail_list import Voicemail
from ivr.tokens import RecordingLinks

messages = typer.Typer(name="messages", cls=ListGroup)
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="As listed, or a unique prefix of it.", autocompletion=database_completion.message_ids
    ),
]


@messages.callback()
def group() -> None:
    """List the messages that callers left; claim one, play it, mark it as done, or take that back.

    Examples: `ivr messages`, `ivr messages --all --json`, `ivr messages play 3f2a91bc`, `ivr messages done 3f2a91bc`.
    """


@messages.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Include those that are done.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the messages that callers left, oldest first.

    Examples: `ivr messages`, `ivr messages list --all --json`.
    """
    left = in_transaction(lambda db, cipher: voicemail_list.read(db, cipher, everything=everything))
    now = current_time()
    show(left, (_line(message, now) for message in left), as_json=as_json, nothing="No messages are waiting.")


@messages.command()
def play(
    id: Id,
    who: Who,
    save: Annotated[Path | None, typer.Option(help="Save it to this file instead (WAV).")] = None,
    as_json: AsJson = False,
) -> None:
    """Print a link to the recording of a message, valid for ten minutes, or save it to a file.

    Whoever has the link can play it: do not pass it on. Delete a saved file yourself.

    Examples: `ivr messages play 3f2a91bc`, `ivr messages play 3f2a91bc --save message.wav`.
    """
    if save:
        write_private(save, in_transaction(lambda db, cipher: staff.audio(db, cipher, id, who)), "--save")
        return show({"file": str(save)}, [f"Saved in {save}."], as_json=as_json)
    settings = usable_settings()
    links = RecordingLinks(settings.public_url, settings.secrets)
    address = in_transaction(lambda db, cipher: staff.link(db, cipher, links, id, who))
    return show({"address": address}, [address], as_json=as_json)


@messages.command()
def done(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Mark a message as done: it is deleted thirty days later.

    Examples: `ivr messages done 3f2a91bc`, `ivr messages done 3f2a91bc --by Ruth`.
    """
    message = in_transaction(lambda db, cipher: staff.done(db, cipher, id, who))
    told = f"Done. Message {message.id[:SHOWN]} is deleted in thirty days."
    before = f"It was done before, by {message.by}."
    show(message, [told if message.by == who.who else before], as_json=as_json)


@messages.command()
def claim(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Claim a message: for two hours nobody else can.

    Example: `ivr messages claim 3f2a91bc --by Ruth`.
    """
    message = in_transaction(lambda db, cipher: staff.claim(db, cipher, id, who))
    show(message, [f"{who.who} has it for two hours."], as_json=as_json)


@messages.command()
def release(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Release a claimed message.

    Example: `ivr messages release 3f2a91bc --by Ruth`.
    """
    message = in_transaction(lambda db, cipher: staff.release(db, cipher, id, who))
    show(message, ["Anybody can claim it."], as_json=as_json)


@messages.command()
def undo(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Have a message wait again that was marked as done by mistake.

    Example: `ivr messages undo 3f2a91bc --by Ruth`.
    """
    message = in_transaction(lambda db, cipher: staff.undo(db, cipher, id, who, of_others=True))
    show(message, ["It waits again."], as_json=as_json)


@messages.command()
def note(
    id: Id, words: Annotated[str, typer.Argument(help="What others are to know.")], who: Who, as_json: AsJson = False
) -> None:
    """Add a note about a message.

    Example: `ivr messages note 3f2a91bc "the school rang too" --by Ruth`.
    """
    message = in_transaction(lambda db, cipher: staff.note(db, cipher, id, words, who))
    show(message, ["Noted."], as_json=as_json)


def _line(message: Voicemail, now: datetime) -> str:
    """Format one message as a line of the list."""
    seconds = message.seconds
    length = "?:??" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"
    when = f"{message.began.astimezone(LONDON):%a %d %b %Y %H:%M}"
    last_day = f", last day {message.deadline:%d %b %Y}" if message.deadline else ""
    who = ", the young person" if message.audience == YOUNG_PERSON else ""
    about = f"{message.topic or 'no topic'}{last_day}{who}"
    claimer = message.claimer(now)
    state = f"done by {message.by}" if message.by else f"claimed by {claimer}" if claimer else "waiting"
    fields = message.id[:SHOWN], when, length, state, about, _number(message)
    reason = staff.why_not_here(message)
    return "  ".join((*fields, *([f"({reason})"] if reason else [])))


def _number(message: Voicemail) -> str:
    if message.number is None:
        return f"({UNREADABLE})"
    return "number withheld" if kind_of(message.number) is NumberKind.withheld else message.number
