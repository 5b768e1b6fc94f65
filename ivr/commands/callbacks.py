"""`ivr callbacks`: the list of callers to ring back."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson, Folder, time_of_day
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction, with_store
from ivr.config import current_time, read_settings
from ivr.engine.content import YOUNG_PERSON
from ivr.helpline.phone_numbers import grouped
from ivr.helpline.timezone import LONDON
from ivr.helpline.whisper import CALL_BACK_OFFER
from ivr.staff import callbacks as staff
from ivr.staff.callback_call import CallbackCall
from ivr.staff.lookup import SHOWN
from ivr.store import callback_list
from ivr.store.callback_list import CallbackItem
from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.database import Store
from ivr.wiring import open_adviser_line

callbacks = typer.Typer(name="callbacks", cls=ListGroup)
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="As listed, or a unique prefix of it.", autocompletion=database_completion.callback_ids
    ),
]
AnyId = Annotated[str, typer.Argument(metavar="ID", help="As it was listed, or a unique prefix of it.")]


@callbacks.callback()
def group() -> None:
    """Print the callers to ring back, claim one, ring them, and say how it went.

    Examples:

        ivr callbacks

        ivr callbacks claim 3f2a --by Ann

        ivr callbacks ring 3f2a --as Ann

        ivr callbacks attempt 3f2a "no answer" --by Ann

        ivr callbacks remind 3f2a 15:00 --by Ann

        ivr callbacks done 3f2a --by Ann

        ivr callbacks undo 3f2a --by Ann
    """


@callbacks.command("list")
def list_(as_json: AsJson = False) -> None:
    """Print the callers to ring back: the urgent first, then by waiting time.

    Examples: `ivr callbacks`, `ivr callbacks list --json`.
    """
    now = current_time()
    items = in_transaction(lambda db, cipher: callback_list.read(db, cipher, now))
    places = [{"place": place, **asdict(item)} for place, item in enumerate(items, 1)]
    lines = (line for place, item in enumerate(items, 1) for line in _lines(place, item))
    show(places, lines, as_json=as_json, nothing="Nobody.")


@callbacks.command()
def claim(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Claim a caller: for two hours nobody else can.

    Example: `ivr callbacks claim 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.claim(db, cipher, id, who), f"{who.who} has them for two hours.", as_json)


@callbacks.command()
def release(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Release a claimed caller.

    Example: `ivr callbacks release 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.release(db, cipher, id, who), "Anybody can claim them.", as_json)


@callbacks.command()
def attempt(
    id: Id, how: Annotated[str, typer.Argument(help="In a word or two: no answer.")], who: Who, as_json: AsJson = False
) -> None:
    """Record an attempt and its outcome.

    Example: `ivr callbacks attempt 3f2a "no answer" --by Ann`.
    """
    _change(lambda db, cipher: staff.attempt(db, cipher, id, how, who), "Noted.", as_json)


@callbacks.command()
def done(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Remove a caller who was reached from the list.

    Example: `ivr callbacks done 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.settle(db, cipher, id, who, reached=True), "Off the list.", as_json)


@callbacks.command("gave-up")
def gave_up(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Remove a caller who cannot be reached from the list.

    Example: `ivr callbacks gave-up 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.settle(db, cipher, id, who, reached=False), "Off the list.", as_json)


@callbacks.command()
def undo(id: AnyId, who: Who, as_json: AsJson = False) -> None:
    """Put a caller back on the list who was taken off it by mistake.

    Example: `ivr callbacks undo 3f2a --by Ann`.
    """
    _change(lambda db, cipher: staff.undo(db, cipher, id, who, of_others=True), "On the list again.", as_json)


@callbacks.command()
def remind(
    id: Id,
    at: Annotated[
        datetime, typer.Argument(parser=time_of_day, metavar="WHEN", help="Today at 15:00, or a day with a time.")
    ],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Show a caller whom you have claimed on top of the list of what waits from a time on, within a day.

    The claim lapses as ever: anybody may ring them before. Example: `ivr callbacks remind 3f2a 15:00 --by Ann`.
    """
    told = f"On top of your list from {_format_time(at)}."
    _change(lambda db, cipher: staff.remind(db, cipher, id, at, who), told, as_json)


@callbacks.command()
def note(
    id: AnyId, words: Annotated[str, typer.Argument(help="What others are to know.")], who: Who, as_json: AsJson = False
) -> None:
    """Add a note about a caller.

    Example: `ivr callbacks note 3f2a "prefers to be rung by a woman" --by Ann`.
    """
    _change(lambda db, cipher: staff.note(db, cipher, id, words, who), "Noted.", as_json)


@callbacks.command()
def ring(
    id: Id,
    adviser: Annotated[
        str,
        typer.Option(
            "--as", metavar="NAME|NUMBER", help="Whose telephone rings.", autocompletion=database_completion.advisers
        ),
    ],
    who: Who,
    folder: Folder,
    as_json: AsJson = False,
) -> None:
    """Ring an adviser, tell them what it is about, and ring the caller when they press 1.

    Our own number shows at both ends. The caller is claimed for you if you have an account; else for that adviser, or
    for you if the telephone is not on the rota.

    Examples: `ivr callbacks ring 3f2a --as Ann`, `ivr callbacks ring 3f2a --as "07700 900001"`.
    """
    settings = read_settings(content=folder)

    async def place(store: Store) -> str:
        from ivr.loader import load

        async with open_adviser_line(settings, store) as line:
            offer = load(settings.content).flows.step_of_kind(CALL_BACK_OFFER)
            return await CallbackCall(line, offer).ring(id, adviser, who)

    rung = with_store(place)
    show({"rung": rung}, [f"{rung} is being rung."], as_json=as_json)


def _change(change: Callable[[AsyncConnection, Cipher], Awaitable[CallbackItem]], message: str, as_json: bool) -> None:
    show(in_transaction(change), [message], as_json=as_json)


def _lines(place: int, item: CallbackItem) -> Iterator[str]:
    number = grouped(item.number) if item.number else f"({UNREADABLE})"
    last_day = f", last day {item.deadline:%a %d %b %Y}" if item.deadline else ""
    urgent = "URGENT  " if item.urgent else ""
    held = f"; {item.by} has them" if item.by else ""
    who = ", the young person" if item.audience == YOUNG_PERSON else ""
    yield f"{place:3}  {item.id[:SHOWN]}  {urgent}{number}  {item.topic or 'no topic'}{last_day}{who}"
    yield f"     asked {_format_time(item.asked)}, for: {item.part}{_voicemail(item)}{held}"
    for tried in item.attempts:
        yield f"     {_format_time(tried.at)} {tried.who}: {tried.how}"


def _voicemail(item: CallbackItem) -> str:
    if item.may_leave_message is None:
        return ""
    return "; a message may be left" if item.may_leave_message else "; no message to be left"


def _format_time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %H:%M}"
