"""`ivr caller`: all that is kept of one caller, in words."""

from collections.abc import Iterator

import typer

from ivr.commands.options import AsJson, PhoneNumber, number_of
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.helpline.timezone import LONDON
from ivr.staff import blocks, callers
from ivr.staff.callers import Caller
from ivr.staff.lookup import SHOWN
from ivr.store.caller_history import HistoryEntry

caller = typer.Typer(name="caller", no_args_is_help=True)


@caller.callback()
def group() -> None:
    """Look up one caller by number; each look is in the audit log.

    Example: `ivr caller show 07700 900001`.
    """


@caller.command("show")
def show_(number: PhoneNumber, who: Who, as_json: AsJson = False) -> None:
    """Print all that is kept of a caller, the latest first, and whether they are texted or blocked.

    `ivr export` prints the same for the person themselves, with all details.

    Examples: `ivr caller show 07700 900001`, `ivr caller show +447700900001 --json --by Ruth`.
    """
    wanted = number_of(number)
    found = in_transaction(lambda db, cipher: callers.look_up(db, cipher, wanted, who))
    show(found, _lines(found), as_json=as_json)


def _lines(found: Caller) -> Iterator[str]:
    if not found.is_known:
        yield "Nothing is kept of this number."
        return
    if found.adviser:
        yield f"This is the number of {found.adviser}, who is on the rota."
    if found.block:
        why = found.block.why or "the reason cannot be read"
        yield f"Blocked until the end of {blocks.last_day(found.block):%a %d %b %Y}: {why}"
    if found.opt_out.since:
        yield f"Not texted, since {found.opt_out.since.astimezone(LONDON):%a %d %b %Y %H:%M}."
    for entry in found.history:
        yield from _entry(entry)


def _entry(entry: HistoryEntry) -> Iterator[str]:
    about = "  ".join(filter(None, (entry.kind, entry.topic, entry.state, entry.who)))
    yield f"{entry.id[:SHOWN]}  {entry.at.astimezone(LONDON):%a %d %b %Y %H:%M}  {about}"
    if entry.deadline:
        yield f"          last day they were told: {entry.deadline:%a %d %b %Y}"
    if entry.words:
        yield f"          {' '.join(entry.words.split())}"
