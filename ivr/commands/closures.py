"""`ivr closures`: closures outside the usual hours."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.commands import completion, database_completion
from ivr.commands.heard import Preview, show_trial
from ivr.commands.list_group import ListGroup
from ivr.commands.options import DAYS, MOMENTS, AsJson, Folder, day, moment
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.config import current_time
from ivr.helpline.opening_hours import Closure
from ivr.helpline.timezone import LONDON, whole_day
from ivr.staff import closures as staff
from ivr.store import closures as store
from ivr.store.cipher import Cipher
from ivr.store.closures import StoredClosure

closures = typer.Typer(name="closures", cls=ListGroup)

FROM = typer.Option("--from", parser=moment, metavar="WHEN", help=f"{MOMENTS}. Left out, it is now.")
UNTIL = typer.Option("--until", parser=moment, metavar="WHEN", help=f"{MOMENTS}.")
ALL_DAY = typer.Option("--all-day", parser=day, metavar="DAY", help=f"A whole day: {DAYS}.")


@closures.callback()
def group() -> None:
    """Show and change closures outside the usual hours; without a command, show them.

    Callers hear the reason and the next opening; information still works. Times are local times in London.

    Examples:

        ivr closures

        ivr closures add --all-day 2026-12-24 --reason holiday

        ivr closures add --until "23/11/2026 14:00" --reason training
    """


@closures.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show current and future closures with their ids.

    Examples: `ivr closures`, `ivr closures list --json`.
    """
    now = current_time()
    _show(in_transaction(lambda db, _: store.read(db, now)), as_json)


@closures.command()
def add(
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="The name of the prompt that callers hear.",
            autocompletion=completion.completion(lambda context: reasons(completion.folder_of(context))),
        ),
    ],
    folder: Folder,
    who: Who,
    begins: Annotated[datetime | None, FROM] = None,
    ends: Annotated[datetime | None, UNTIL] = None,
    all_day: Annotated[date | None, ALL_DAY] = None,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Close the helpline for a while, or for a whole day.

    The reasons are those of the flow, such as training; an unknown one is rejected with a list of all.

    Examples: `ivr closures add --all-day 24/12/2026 --reason holiday --by Sam`,
    `ivr closures add --from 2026-11-25T12:00 --until 2026-11-25T14:00 --reason training --preview`.
    """
    closure, known = Closure(*_period(begins, ends, all_day, who.at), reason), reasons(folder)

    async def change(db: AsyncConnection, _: Cipher) -> StoredClosure:
        return await staff.add(db, closure, known, who)

    if preview:
        return show_trial(change, lambda made: made.closure.begins, folder, who.at, as_json)
    added = in_transaction(change)
    return show(_fields(added), [_line(added)], as_json=as_json)


@closures.command()
def remove(
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="As listed, or a unique prefix of it.", autocompletion=database_completion.closure_ids
        ),
    ],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """Remove a closure: within seconds the usual hours apply again.

    Example: `ivr closures remove 3fa2c1`.
    """
    in_transaction(lambda db, _: staff.remove(db, id, who))
    list_(as_json)


def reasons(folder: Path) -> Mapping[str, str]:
    """Return the reasons that staff may give, each with the prompt that callers hear."""
    from ivr.loader import load

    return staff.reasons(load(folder).flows)


def _period(
    begins: datetime | None, ends: datetime | None, all_day: date | None, now: datetime
) -> tuple[datetime, datetime]:
    if all_day and not begins and not ends:
        return whole_day(all_day)
    if ends and not all_day:
        return begins or now, ends
    raise typer.BadParameter("Give --until, with or without --from; or --all-day alone.")


def _show(kept: tuple[StoredClosure, ...], as_json: bool) -> None:
    nothing = "No closure is set: we are open in our hours."
    show(list(map(_fields, kept)), map(_line, kept), as_json=as_json, nothing=nothing)


def _line(kept: StoredClosure) -> str:
    begins, ends = (moment.astimezone(LONDON) for moment in (kept.closure.begins, kept.closure.ends))
    return f"{kept.id}  {begins:%a %d %b %Y %H:%M} to {ends:%a %d %b %Y %H:%M}  {kept.closure.reason}"


def _fields(kept: StoredClosure) -> dict[str, object]:
    return {"id": kept.id, "from": kept.closure.begins, "until": kept.closure.ends, "reason": kept.closure.reason}
