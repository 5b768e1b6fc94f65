"""What goes for everything that staff work on: who has it, what they note, and who may undo what others did."""

from collections.abc import Awaitable

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput, IvrError
from ivr.helpline.phone_numbers import identity
from ivr.staff.lookup import SHOWN
from ivr.store import audit, notes
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind

SAW_NUMBER = "number seen"
"""What the audit log tells of whoever sees the whole number of a caller."""
LONGEST_NOTE = 2000
"""Characters."""


class CannotClaim(IvrError):
    """Somebody else has claimed it, or has finished with it."""


class CannotUndo(IvrError):
    """It is not finished, or was finished by somebody else."""


async def change(db: AsyncConnection, by: By, what: str, changing: Awaitable[bool], refusal: str) -> None:
    """Make a change and write it to the audit log; raise CannotClaim with a reason if somebody else has it."""
    if not await changing:
        raise CannotClaim(refusal)
    await audit.write(db, by, what)


def who_has_it(claimed_by: str | None, finished_by: str | None) -> str:
    """Return why something cannot be worked on.

    >>> who_has_it("Ann", None), who_has_it(None, "Ben")
    ('Ann has claimed it.', 'Ben has finished with it.')
    """
    return f"{finished_by} has finished with it." if finished_by else f"{claimed_by or 'Somebody else'} has claimed it."


def check_undo(by: By, finished_by: str | None, *, of_others: bool) -> None:
    """Raise CannotUndo if it is not finished, or if others finished it and `by` may only undo what they did."""
    if finished_by is None:
        raise CannotUndo("There is nothing to undo: it still waits.")
    if finished_by != by.who and not of_others:
        raise CannotUndo(f"{finished_by} finished it: only they, or a manager, can undo that.")


async def add_note(
    db: AsyncConnection, cipher: Cipher, kind: ItemKind, id: str, number: str | None, body: str, by: By
) -> None:
    """Add a note about an item; raise InvalidInput if it says nothing, or too much.

    It goes with what else is kept of `number`, the caller's as it is stored, where that tells who they are.
    """
    body = body.strip()
    if not body:
        raise InvalidInput("The note is empty: write something first.")
    if len(body) > LONGEST_NOTE:
        raise InvalidInput(f"The note has {len(body)} characters, and may have {LONGEST_NOTE}: shorten it.")
    await notes.add(db, cipher, kind, id, identity(number) if number else None, body, by.who, by.at)
    await audit.write(db, by, f"{kind} {id[:SHOWN]}: note added")
