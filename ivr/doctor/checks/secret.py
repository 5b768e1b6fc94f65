"""Is a change of a key or a token under way that somebody has to end?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import Finding, Subject, check, warning
from ivr.staff import secret_rotation

TOKEN_MEND = "once Twilio signs with the new token (its console, Auth Tokens), set TWILIO_AUTH_TOKEN to it alone"  # noqa: S105


@check
async def secret(subject: Subject) -> AsyncIterator[Finding]:
    """No old key of IVR_SECRET_KEY and no old token of TWILIO_AUTH_TOKEN is left to be retired."""
    if "," in subject.settings.auth_token:
        yield warning("TWILIO_AUTH_TOKEN has two tokens: webhooks signed with the old one are taken too", TOKEN_MEND)
    number = len(subject.settings.secrets)
    if number == 1:
        return
    status = await secret_rotation.status(subject.store, subject.now)
    yield warning(f"IVR_SECRET_KEY has {number} keys: an old one is to be retired", status.next_step)
