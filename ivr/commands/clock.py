"""`ivr clock`: whether the clock of this machine can be believed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

import typer

from ivr.commands.confirm import Yes, confirm
from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction, with_store
from ivr.config import read_settings
from ivr.helpline.plausible_clock import ClockEvidence
from ivr.helpline.timezone import LONDON
from ivr.staff.clock import accept as accept_clock
from ivr.store.database import Store
from ivr.wiring import open_clock_check

ACCEPT = "Is the time of this machine, {} in London, right by another clock?"


@dataclass(frozen=True, slots=True)
class Checked:
    """The clocks, and what speaks against that of the machine."""

    evidence: ClockEvidence
    doubts: tuple[str, ...]


def clock(
    who: Who,
    accept: Annotated[
        bool, typer.Option("--accept", help="Record that it is right, after a pause or a wrong clock.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Compare the machine's clock with those of Twilio and the database server, and with what the database last saw.

    While they disagree, nothing is deleted, expired or given up; calls go on. After a pause of more than a day Twilio
    confirms the clock by itself; if it cannot be reached, --accept does. Exits with 1 if the clock cannot be believed.

    Examples: `ivr clock`, `ivr clock --json`, `ivr clock --accept`.
    """
    if accept:
        confirm(ACCEPT.format(f"{who.at.astimezone(LONDON):%A %d %B %Y, %H:%M}"), yes=yes)
        in_transaction(lambda db, cipher: accept_clock(db, who))
    checked = with_store(_check)
    result = asdict(checked.evidence) | {"doubts": checked.doubts}
    show(result, _lines(checked), as_json=as_json)
    if checked.doubts:
        raise typer.Exit(1)


async def _check(store: Store) -> Checked:
    async with open_clock_check(read_settings(), store) as check:
        evidence = await check.check()
        return Checked(evidence, check.doubts)


def _lines(checked: Checked) -> Iterator[str]:
    evidence = checked.evidence
    yield f"this machine     {_time(evidence.machine)}"
    yield f"Twilio           {_time(evidence.provider)}"
    yield f"database server  {_time(evidence.database)}"
    yield f"last seen        {_time(evidence.last_seen)}"
    if checked.doubts:
        yield f"Not to be believed: {' and '.join(checked.doubts)}."
        yield "Set this machine's clock, or, if it is right, run `ivr clock --accept`."
    else:
        yield "It can be believed."


def _time(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else "not known"
