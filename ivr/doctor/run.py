"""Makes checks, one after another."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from ivr.doctor.registry import NO_DATABASE, Check, Finding, Subject
from ivr.errors import DatabaseUnavailable, IvrError


async def examine(subject: Subject, checks: Iterable[Check]) -> AsyncIterator[Finding]:
    """Yield what each check finds; one that fails keeps none of the others from being made."""
    for check in checks:
        try:
            async for found in check.look(subject):
                yield replace(found, check=check.name)
        except DatabaseUnavailable:  # which is told of by the check of the database
            yield replace(NO_DATABASE, check=check.name)
        except Exception as failure:  # whatever it stumbled over: its message may hold a number
            reason = str(failure) if isinstance(failure, IvrError) else type(failure).__name__
            yield Finding("error", f"the check itself failed ({reason})", "report it", check.name)
