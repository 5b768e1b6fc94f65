"""`ivr inbox`: incoming texts, for staff."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson, Limit
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.helpline.timezone import LONDON
from ivr.staff import incoming_texts as staff
from ivr.staff.lookup import SHOWN
from ivr.store import sms_inbox
from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.sms_inbox import IncomingText
from ivr.wiring import build_texting

inbox = typer.Typer(name="inbox", cls=ListGroup)
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="As listed, or a unique prefix of it.", autocompletion=database_completion.incoming_text_ids
    ),
]


@inbox.callback()
def group() -> None:
    """Print incoming texts; claim one, answer it, mark it as done, or take that back.

    Examples: `ivr inbox --limit 5`, `ivr inbox answer 3f2a "We will ring you." --by Ann`, `ivr inbox done 3f2a`.
    """


@inbox.command("list")
def list_(limit: Limit = 20, as_json: AsJson = False) -> None:
    """Print incoming texts, newest first; they are kept for thirty days.

    Examples: `ivr inbox --limit 5`, `ivr inbox --json`.
    """
    texts, now = in_transaction(lambda db, cipher: sms_inbox.read(db, cipher, limit)), current_time()
    show(texts, (_line(text, now) for text in texts), as_json=as_json, nothing="No texts have come in.")


@inbox.command()
def claim(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Claim a text: for two hours nobody else can.

    Example: `ivr inbox claim 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.claim(db, cipher, id, who), f"{who.who} has it for two hours.", as_json)


@inbox.command()
def release(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Release a claimed text.

    Example: `ivr inbox release 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.release(db, cipher, id, who), "Anybody can claim it.", as_json)


@inbox.command()
def answer(
    id: Id,
    words: Annotated[str, typer.Argument(help="The answer, three texts long at most.")],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Answer a text in your own words, once, and mark it as done.

    Example: `ivr inbox answer 3f2a "We will ring you tomorrow morning." --by Ann`.
    """
    texting = build_texting(usable_settings())
    _change(lambda db, cipher: staff.answer(db, cipher, id, words, texting, who), "The answer is on its way.", as_json)


@inbox.command()
def done(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Mark a text that needs no answer as done.

    Example: `ivr inbox done 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.done(db, cipher, id, who), "Done.", as_json)


@inbox.command()
def undo(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Have a text wait again that was marked as done by mistake.

    Example: `ivr inbox undo 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.undo(db, cipher, id, who, of_others=True), "It waits again.", as_json)


@inbox.command()
def note(
    id: Id, words: Annotated[str, typer.Argument(help="What others are to know.")], who: Who, as_json: AsJson = False
) -> None:
    """Add a note about a text.

    Example: `ivr inbox note 3f2a "her daughter's telephone" --by Ann`.
    """
    _change(lambda db, cipher: staff.note(db, cipher, id, words, who), "Noted.", as_json)


def _change(change: Callable[[AsyncConnection, Cipher], Awaitable[IncomingText]], told: str, as_json: bool) -> None:
    show(in_transaction(change), [told], as_json=as_json)


def _line(text: IncomingText, now: datetime) -> str:
    words = f"({UNREADABLE})" if text.number is None or text.body is None else f"{text.number}: {staff.words_of(text)}"
    claimer = text.claimer(now)
    done = "answered" if text.answer else "done"
    state = f"{done} by {text.done_by}" if text.done else f"claimed by {claimer}" if claimer else "waiting"
    return f"{text.id[:SHOWN]}  {text.received.astimezone(LONDON):%a %d %b %Y %H:%M}  {state}  {words}"
