"""Does the helpline answer at IVR_PUBLIC_URL, and take what the provider signs?"""

from collections.abc import AsyncIterator

import httpx2

from ivr.doctor.registry import Finding, Subject, check, error, skipped
from ivr.telephony.signature import HEADER, Signature

ALIVE, SIGNED = "/health/live", "/health/signed"
CHECKED = "signed"
NOT_US = "see that the proxy passes this address on to `ivr serve`, with the path prefix of IVR_PUBLIC_URL taken off"
SAME = "give the process that serves the same TWILIO_AUTH_TOKEN and IVR_PUBLIC_URL as this one, and restart it"


@check
async def public_url(subject: Subject) -> AsyncIterator[Finding]:
    """The address of IVR_PUBLIC_URL is reached and is this helpline; it takes a signed webhook and no other."""
    settings = subject.settings
    if settings.dev:
        yield skipped("in development nothing from outside rings us", "unset IVR_DEV")
        return
    try:
        alive = await subject.http.get(settings.public_url + ALIVE)
        signed = await _ask(subject, Signature(settings.public_url, settings.auth_token).sign(SIGNED, []))
        forged = await _ask(subject, "")
    except httpx2.HTTPError as failure:
        says = f"IVR_PUBLIC_URL cannot be reached from here ({type(failure).__name__})"
        yield error(says, "see that `ivr serve` runs, that its name resolves, and that its certificate is valid")
        return
    if (alive.status_code, alive.text) != (200, "alive"):
        yield error(f"whoever answers at IVR_PUBLIC_URL is not this helpline ({alive.status_code})", NOT_US)
    elif (signed.status_code, signed.text) != (200, CHECKED):
        yield error(
            f"the helpline at IVR_PUBLIC_URL refuses what is signed with our token ({signed.status_code})", SAME
        )
    elif forged.status_code == 200:
        says = "the helpline at IVR_PUBLIC_URL takes what nobody signed: anybody can forge calls"
        yield error(says, "start it without IVR_DEV")


async def _ask(subject: Subject, signature: str) -> httpx2.Response:
    headers = {HEADER.decode(): signature} if signature else {}
    return await subject.http.post(subject.settings.public_url + SIGNED, headers=headers)
