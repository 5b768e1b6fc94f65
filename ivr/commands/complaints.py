"""`ivr complaints`: complaints about what we do with somebody's data."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import database_completion
from ivr.commands.list_group import ListGroup
from ivr.commands.options import DAYS, AsJson, day
from ivr.commands.output import show as print_out
from ivr.commands.transaction import Who, in_transaction
from ivr.config import current_time
from ivr.helpline.data_complaints import Channel, Means, Outcome, Standing
from ivr.helpline.timezone import LONDON, today_in_london
from ivr.staff import complaint_answers
from ivr.staff import data_complaints as staff
from ivr.staff.complaint_words import Written
from ivr.staff.lookup import SHOWN
from ivr.store import data_complaints as store
from ivr.store import notes
from ivr.store.audit import By
from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.data_complaints import DataComplaint
from ivr.store.notes import Note

complaints = typer.Typer(name="complaints", cls=ListGroup)
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="As listed, or a unique prefix of it.", autocompletion=database_completion.complaint_ids
    ),
]
Name = Annotated[str, typer.Option(help="Who complains.")]
Number = Annotated[str, typer.Option(help="Their telephone number.")]
Contact = Annotated[str, typer.Option(help="Their e-mail or postal address.")]
Told = Annotated[Means, typer.Option("--how", help="How they were told.")]
Change = Callable[[AsyncConnection, Cipher, By], Awaitable[DataComplaint]]


def _day_option(name: str, help: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, parser=day, metavar="DAY", help=f"{help}: {DAYS}.")
    return option


@complaints.callback()
def group() -> None:
    """List complaints about data; take one down, acknowledge it in time, note what is done, answer and close it.

    The law has each acknowledged within thirty days, the day it came among them (Data Protection Act 2018, s. 164A).

    Examples: `ivr complaints`, `ivr complaints add "You told the school that I rang." --by Ann`,
    `ivr complaints acknowledge 3f2a --how letter`.
    """


@complaints.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Include those that are closed.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the complaints that are open, those that are to be acknowledged first; nobody's name stands there.

    Examples: `ivr complaints`, `ivr complaints list --all --json`.
    """
    found = in_transaction(lambda db, cipher: store.read(db, cipher, everything=everything))
    today = today_in_london(current_time())
    lines = (_line(one, today) for one in found)
    print_out([_without_words(one, today) for one in found], lines, as_json=as_json, nothing="No complaint is open.")


@complaints.command()
def add(
    words: Annotated[str, typer.Argument(help="What they complain of, in their own words.")],
    who: Who,
    name: Name = "",
    number: Number = "",
    contact: Contact = "",
    came: Annotated[Channel, typer.Option("--came", help="How it came.")] = Channel.telephone,
    received: Annotated[date | None, _day_option("--received", "The day it came, if not today")] = None,
    as_json: AsJson = False,
) -> None:
    """Take a complaint down.

    Examples: `ivr complaints add "You told the school that I rang." --name "Jo Hill" --number "07700 900123" --by Ann`,
    `ivr complaints add "Delete what you have of me." --came letter --received 28/11/2026`.
    """
    written, on = Written(words, name, number, contact), received or today_in_london(who.at)
    _change(who, as_json, lambda db, cipher, by: staff.take_down(db, cipher, written, came, on, by))


@complaints.command()
def show(id: Id, who: Who, as_json: AsJson = False) -> None:
    """Print one complaint with its notes; the audit log has who read it.

    Example: `ivr complaints show 3f2a --by Ann`.
    """

    async def look(db: AsyncConnection, cipher: Cipher) -> tuple[DataComplaint, tuple[Note, ...]]:
        found = await staff.look(db, cipher, id, who)
        return found, await notes.read(db, cipher, found.id)

    found, noted = in_transaction(look)
    print_out({"complaint": found, "notes": noted}, _all_of(found, noted), as_json=as_json)


@complaints.command()
def amend(
    id: Id,
    words: Annotated[str, typer.Argument(help="What they complain of.")],
    who: Who,
    name: Name = "",
    number: Number = "",
    contact: Contact = "",
    as_json: AsJson = False,
) -> None:
    """Write down anew what it is about, who complains and where they are: all of it, as it is to stand.

    Example: `ivr complaints amend 3f2a "You told the school that I rang." --name "Jo Hill" --by Ann`.
    """
    written = Written(words, name, number, contact)
    _change(who, as_json, lambda db, cipher, by: staff.amend(db, cipher, id, written, by))


@complaints.command()
def acknowledge(
    id: Id,
    how: Told,
    who: Who,
    on: Annotated[date | None, _day_option("--on", "The day on which they were told, if not today")] = None,
    as_json: AsJson = False,
) -> None:
    """Record that they were told that we have their complaint.

    Examples: `ivr complaints acknowledge 3f2a --how letter --by Max`,
    `ivr complaints acknowledge 3f2a --how telephone --on 28/11/2026`.
    """
    told = on or today_in_london(who.at)
    _change(who, as_json, lambda db, cipher, by: complaint_answers.acknowledge(db, cipher, id, told, how, by))


@complaints.command()
def note(
    id: Id, words: Annotated[str, typer.Argument(help="What was done or said.")], who: Who, as_json: AsJson = False
) -> None:
    """Add a note about a complaint.

    Example: `ivr complaints note 3f2a "asked the school what it was told" --by Max`.
    """
    _change(who, as_json, lambda db, cipher, by: staff.note(db, cipher, id, words, by))


@complaints.command()
def close(
    id: Id,
    outcome: Annotated[Outcome, typer.Option(help="What came of it.")],
    answer: Annotated[str, typer.Option(help="What they were told.")],
    how: Told,
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Close a complaint with its outcome and what they were told; it is kept for a year after that.

    Example: `ivr complaints close 3f2a --outcome upheld --answer "We told the school." --how letter --by Max`.
    """
    _change(who, as_json, lambda db, cipher, by: complaint_answers.close(db, cipher, id, outcome, answer, how, by))


@complaints.command()
def reopen(
    id: Id, why: Annotated[str, typer.Argument(help="Why it is opened again.")], who: Who, as_json: AsJson = False
) -> None:
    """Open a closed complaint again; what they were told stays in a note.

    Example: `ivr complaints reopen 3f2a "they rang again" --by Max`.
    """
    _change(who, as_json, lambda db, cipher, by: complaint_answers.reopen(db, cipher, id, why, by))


def _change(who: By, as_json: bool, change: Change) -> None:
    found = in_transaction(lambda db, cipher: change(db, cipher, who))
    today = today_in_london(who.at)
    print_out(_without_words(found, today), [_line(found, today)], as_json=as_json)


def _without_words(found: DataComplaint, today: date) -> dict[str, object]:
    """Return what tells nothing of who complains, or of what."""
    told = ("id", "voicemail", "channel", "received", "acknowledge_by", "acknowledged", "acknowledged_how", "state")
    ended = ("outcome", "answered_how", "closed", "closed_by", "taken_by")
    return {name: getattr(found, name) for name in (*told, *ended)} | {"standing": found.standing(today)}


def _line(found: DataComplaint, today: date) -> str:
    came = f"{found.received:%a %d %b %Y}  {found.channel.replace('_', ' ')}"
    return f"{found.id[:SHOWN]}  {came}  {_state(found, found.standing(today))}"


def _state(found: DataComplaint, standing: Standing) -> str:
    match standing:
        case Standing.closed if found.outcome and found.closed:
            return f"closed on {found.closed:%d %b %Y} by {found.closed_by}: {found.outcome.replace('_', ' ')}"
        case Standing.overdue:
            return f"OVERDUE: was to be acknowledged by {found.acknowledge_by:%d %b %Y}"
        case Standing.quiet:
            return "acknowledged; nothing was done for thirty days"
    return "acknowledged, to be answered" if found.acknowledged else f"acknowledge by {found.acknowledge_by:%d %b %Y}"


def _all_of(found: DataComplaint, noted: tuple[Note, ...]) -> Iterator[str]:
    yield _line(found, today_in_london(current_time()))
    for label, words in (("who", found.name), ("number", found.number), ("address", found.contact)):
        yield from _lines(label, words)
    yield from _lines("complaint", found.body)
    if found.voicemail:
        yield f"spoken: ivr messages play {found.voicemail[:SHOWN]}"
    if found.acknowledged:
        yield f"acknowledged: {found.acknowledged:%d %b %Y}, by {found.acknowledged_how}"
    yield from _lines("answer", found.answer)
    for one in noted:
        yield from _lines(f"{one.at.astimezone(LONDON):%d %b %Y %H:%M}, {one.who}", one.body)


def _lines(label: str, words: str | None) -> Iterator[str]:
    if words != "":
        yield from f"{label}: {f'({UNREADABLE})' if words is None else words}".splitlines()
