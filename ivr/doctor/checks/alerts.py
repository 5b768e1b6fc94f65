"""Would anybody be told what is wrong, and were they?"""

from collections.abc import AsyncIterator
from datetime import timedelta

from ivr.doctor.registry import Finding, Subject, check, warning
from ivr.store import alert_messages
from ivr.store.accounts import Role
from ivr.store.alert_messages import FAILED, Ways

LATELY = timedelta(days=1)
MEND = "`ivr accounts mobile NAME NUMBER`, or IVR_SMTP_URL for e-mails; `ivr accounts alerts NAME text` or `email`"


@check
async def alerts(subject: Subject) -> AsyncIterator[Finding]:
    """A manager or an administrator is told what is wrong, by text or e-mail, and such messages come."""
    settings, store = subject.settings, subject.store
    ways = Ways(text=settings.can_text, email=settings.smtp is not None)
    async with store.read() as db:
        told = await alert_messages.recipients(db, store.cipher, Role.administrator, ways)
        messages = await alert_messages.read(db, store.cipher, subject.now - LATELY)
    if not told:
        yield warning("nobody is told by text or e-mail what is wrong", MEND)
    if lost := sum(one.state == FAILED for one in messages):
        yield warning(f"{lost} messages to managers or administrators did not come", "`ivr alerts` shows whose", lost)
