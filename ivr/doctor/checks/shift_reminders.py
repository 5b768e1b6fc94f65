"""Would anybody hear of a shift that nobody confirms?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import Finding, Subject, check, warning
from ivr.store import manager_texts, rota


@check
async def shift_reminders(subject: Subject) -> AsyncIterator[Finding]:
    """A manager can be texted about shifts that are not confirmed, if advisers are reminded of theirs."""
    if not (subject.settings.can_text and subject.settings.remind_of_shifts):
        return
    store = subject.store
    async with store.read() as db:
        are_reminded = any(one.week is not None for one in await rota.read(db, store.cipher))
        managers = await manager_texts.reachable(db, store.cipher)
    if are_reminded and not managers:
        says = "advisers are reminded of their shifts, and no manager is texted where one is not confirmed"
        yield warning(says, "`ivr accounts mobile NAME NUMBER`, or `IVR_REMIND_OF_SHIFTS=0` to remind nobody")
