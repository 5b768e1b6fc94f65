"""Closures outside the usual hours, as staff set and remove them."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.call_flows import CallFlows
from ivr.engine.step import own
from ivr.errors import InvalidInput
from ivr.helpline.opening_hours import BANK_HOLIDAY, Closure
from ivr.staff.lookup import by_prefix
from ivr.store import closures
from ivr.store.audit import By
from ivr.store.closures import StoredClosure


def reasons(flows: CallFlows) -> Mapping[str, str]:
    """Return the reasons that staff may give for being closed, each with the sentence that callers hear."""
    named = {name: own(at, name) for at, step in flows.steps.items() for name in getattr(step, "reasons", ())}
    return {name: flows.words.text(sentence) for name, sentence in named.items() if name != BANK_HOLIDAY}


async def add(db: AsyncConnection, closure: Closure, reasons: Mapping[str, str], by: By) -> StoredClosure:
    """Add a closure; raise InvalidInput if it is over, or its reason is none of those that callers can hear.

    `reasons` has the prompt of each.
    """
    if closure.reason not in reasons:
        listed = "".join(f"\n  {name}: {sentence}" for name, sentence in reasons.items())
        raise InvalidInput(f"There is no reason “{closure.reason}”. The reasons are:{listed}")
    if closure.ends <= max(closure.begins, by.at):
        raise InvalidInput("That is over already, or ends before it begins.")
    return await closures.add(db, closure, by)


async def remove(db: AsyncConnection, prefix: str, by: By) -> StoredClosure:
    """Remove a closure that is not over and return it; raise NoSuchItem."""
    stored = by_prefix(await closures.read(db, by.at), prefix, "closure")
    await closures.remove(db, stored.id, by)
    return stored
