"""One caller: looked up by number, with all that is kept of them. Each look is in the audit log, without the number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput
from ivr.helpline.phone_numbers import NumberKind, identity, kind_of, parse_number
from ivr.staff import opt_outs, working
from ivr.staff.opt_outs import OptOut
from ivr.store import audit, blocks, caller_history, rota
from ivr.store.audit import By
from ivr.store.blocks import Block
from ivr.store.caller_history import HistoryEntry, HistoryKind
from ivr.store.cipher import Cipher

TOLD = HistoryKind.talk, HistoryKind.callback, HistoryKind.message
"""The entries that know what somebody was told in a call."""
NO_NUMBER = "That is no telephone number: write it such as 07700 900001 or +44 7700 900001."


@dataclass(frozen=True, slots=True)
class Caller:
    """What is kept of a number: the history, whether it is texted, whether it is blocked, and whose of us it is."""

    number: str = field(repr=False)
    history: list[HistoryEntry]
    opt_out: OptOut
    block: Block | None
    adviser: str | None

    @property
    def is_known(self) -> bool:
        """Return whether anything is kept of them."""
        return bool(self.history or self.opt_out.since or self.block or self.adviser)

    @property
    def told(self) -> tuple[str, date | None, str]:
        """The topic, the last day and the audience of what they asked about last; "" and None for what is not known."""
        return _told(self.history)


def number_of(written: str) -> str:
    """Return the number (E.164) that somebody wrote; raise InvalidInput for one by which nobody is known."""
    if not written.strip():
        raise InvalidInput("Write the number first, such as 07700 900001.")
    if kind_of(written.strip()) is NumberKind.withheld:
        raise InvalidInput("A withheld number cannot be looked up: nobody can tell such callers apart.")
    number = parse_number(written)
    if number is None or identity(number) is None:
        raise InvalidInput(NO_NUMBER)
    return number


async def look_up(db: AsyncConnection, cipher: Cipher, wanted: str, by: By, *, number: bool = False) -> Caller:
    """Return what is kept of a number (E.164), and write to the audit log that somebody has looked.

    `number`: whether they see the whole number.
    """
    held = [block for block in await blocks.of_number(db, cipher, wanted) if block.until > by.at]
    found = Caller(
        wanted,
        await caller_history.read(db, cipher, wanted),
        await opt_outs.look_up(db, cipher, wanted),
        held[0] if held else None,
        await rota.name_of(db, cipher, wanted),
    )
    await audit.write(db, by, f"a caller: {working.SAW_NUMBER if number else 'looked up by number'}")
    return found


def _told(history: Iterable[HistoryEntry]) -> tuple[str, date | None, str]:
    for entry in history:
        if entry.topic and entry.kind in TOLD:
            return entry.topic, entry.deadline, entry.audience
    return "", None, ""
