"""`ivr purge`: deletes data past its retention period, in two steps."""

from collections.abc import Iterator
from typing import Annotated

import typer

from ivr.commands.confirm import Yes, confirm
from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction, with_store
from ivr.config import read_settings
from ivr.errors import ImplausibleClock
from ivr.staff import personal_data
from ivr.staff.personal_data import Purged
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.wiring import open_clock_check

TakeBack = Annotated[
    bool, typer.Option("--take-back", help="Take back what is marked: nothing is deleted for two days.")
]


def purge(who: Who, take_back: TakeBack = False, yes: Yes = False, as_json: AsJson = False) -> None:
    """Delete for good what was marked two days ago, and mark what is next; the worker does so four times a day.

    It shows how many rows that is, and asks. The periods are defined in ivr/store/retention.py: a row is marked for the
    last two days of its own. Nothing is done while the clock of this machine cannot be believed (`ivr clock`).

    Examples: `ivr purge`, `ivr purge --yes --json`, `ivr purge --take-back`.
    """
    if take_back:
        confirm("Is nothing to be deleted for two days?", yes=yes)
        rounds = in_transaction(lambda db, cipher: personal_data.take_back_purge(db, who))
        return show({"rounds": rounds}, ["Taken back: nothing is deleted for two days."], as_json=as_json)
    planned = with_store(lambda store: _plan(store, who))
    if any(planned.deleted.values()):
        deleted = (f"{rows} of {table}" for table, rows in planned.deleted.items() if rows)
        confirm(f"Delete for good: {', '.join(deleted)}?", yes=yes)
    done = with_store(lambda store: personal_data.purge(store, who))
    return show(done, _lines(done), as_json=as_json)


async def _plan(store: Store, who: By) -> Purged:
    """Return what is to be deleted; raise ImplausibleClock."""
    async with store.begin() as db:
        planned = await personal_data.to_purge(db, who.at)
    async with open_clock_check(read_settings(), store) as check:
        await check.check()
        if check.doubts:
            reasons = " and ".join(check.doubts)
            raise ImplausibleClock(f"The clock of this machine cannot be believed: {reasons}. `ivr clock` tells more.")
    return planned


def _lines(done: Purged) -> Iterator[str]:
    for table, rows in done.deleted.items():
        yield f"{rows:6} of {table} deleted, {done.marked[table]} marked"
