"""Makes checks, one after another."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from ivr.doctor.registry import Check, Finding, Subject
from ivr.errors import IvrError


async def examine(subject: Subject, checks: Iterable[Check]) -> AsyncIterator[Finding]:
    """Yield what each check finds; one that fails keeps none of the others from being made."""
    for check in checks:
        try:
            async for found in check.look(subject):
                yield replace(found, check=check.name)
        except Exception as failure:  # whatever it stumbled over: its message may hold a number
            reason = str(failure) if isinstance(failure, IvrError) else type(failure).__name__
            yield Finding("error", f"the check itself failed ({reason})", "report it", check.name)
