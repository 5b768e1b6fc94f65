"""`ivr blocks`: callers who are put through to none of us for a while."""

from collections.abc import Iterator
from typing import Annotated

import typer

from ivr.commands.confirm import Yes, confirm
from ivr.commands.list_group import ListGroup
from ivr.commands.options import AsJson, PhoneNumber
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.config import current_time
from ivr.helpline.masked_number import masked
from ivr.helpline.timezone import today_in_london
from ivr.staff import blocks as staff
from ivr.staff.blocks import PRESETS
from ivr.staff.lookup import SHOWN
from ivr.store import blocks as store
from ivr.store.blocks import Block

blocks = typer.Typer(name="blocks", cls=ListGroup)


@blocks.callback()
def group() -> None:
    """Have callers put through to none of us for a while: they still hear all information.

    They leave no message, ask for no call back and get no text; they hear that, and until when.

    Examples:

        ivr blocks

        ivr blocks add 07700 900001 --until 14/12/2026 --why "Threatened Jo, twice."

        ivr blocks end 3f2a
    """


@blocks.command("list")
def list_(as_json: AsJson = False) -> None:
    """List who is blocked, the next to end first; of each number the last three figures are printed.

    Examples: `ivr blocks`, `ivr blocks list --json`.
    """
    now = current_time()
    found = in_transaction(lambda db, cipher: store.read(db, cipher, now))
    lines = (line for block in found for line in _lines(block))
    show([_fields(one) for one in found], lines, as_json=as_json, nothing="Nobody is blocked.")


@blocks.command()
def add(
    number: PhoneNumber,
    who: Who,
    until: Annotated[
        str,
        typer.Option("--until", help=f"The last day, such as 14/12/2026, or: {', '.join(PRESETS)}."),
    ],
    why: Annotated[str, typer.Option("--why", help="What they did, in a sentence or two; it is kept encrypted.")],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Block a caller until the end of a day, in the place of an earlier block of theirs.

    Advisers and our own numbers are not blocked; a withheld number cannot be.

    Examples: `ivr blocks add 07700 900001 --until "a month" --why "Threatened Jo, twice."`,
    `ivr blocks add 07700 900001 --until 14/12/2026 --why "Rings all night." --yes --by Max`.
    """
    wanted, last_day = staff.number_to_block(" ".join(number)), staff.last_day_of(until, today_in_london(who.at))
    settings = usable_settings()
    ours = {*settings.own_numbers, *settings.advisers}
    confirm(f"Put {masked(wanted)} through to none of us until the end of {last_day:%a %d %b %Y}?", yes=yes)
    made = in_transaction(lambda db, cipher: staff.block(db, cipher, wanted, last_day, why, ours, who))
    show(_fields(made), _lines(made), as_json=as_json)


@blocks.command()
def end(
    id: Annotated[str, typer.Argument(help="The beginning of its id, as `ivr blocks` lists it.")],
    who: Who,
    as_json: AsJson = False,
) -> None:
    """End a block early: within seconds they are put through again.

    Example: `ivr blocks end 3f2a`.
    """
    ended = in_transaction(lambda db, cipher: staff.end(db, cipher, id, who))
    show({"ended": ended.id}, [f"{ended.id[:SHOWN]} has ended: they are put through again."], as_json=as_json)


def _fields(block: Block) -> dict[str, object]:
    number = masked(block.number) if block.number else None
    told: dict[str, object] = {
        "id": block.id,
        "number": number,
        "last_day": staff.last_day(block),
        "since": block.since,
    }
    return told | {"why": block.why, "set_by": block.set_by}


def _lines(block: Block) -> Iterator[str]:
    number = masked(block.number) if block.number else "cannot be read"
    until = f"until the end of {staff.last_day(block):%a %d %b %Y}"
    yield f"{block.id[:SHOWN]}  {number}  {until}  by {block.set_by}"
    yield f"          {block.why or 'The reason cannot be read.'}"
