"""Is somebody on the rota not rung any more, because they let too many calls ring?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import Finding, Subject, check, warning
from ivr.staff import rota

MEND = "ask them; `ivr rota away NAME` while they cannot be rung, `ivr rota number` for another telephone"


@check
async def unanswered_rings(subject: Subject) -> AsyncIterator[Finding]:
    """Nobody on the rota is passed over because they let too many calls ring (IVR_UNANSWERED_PER_HOUR)."""
    async with subject.store.read() as db:
        on_rota = await rota.read(db, subject.store.cipher, subject.settings.unanswered_per_hour, subject.now)
    for one in on_rota:
        if one.passed_over_until:
            yield warning(f"{one.adviser.name} does not pick up, and is not rung for a while", MEND)
