"""Does the helpline answer at IVR_PUBLIC_URL, and take what the provider signs?"""

from collections.abc import AsyncIterator
from secrets import token_urlsafe

import httpx2

from ivr.doctor.registry import Finding, Subject, check, error, skipped
from ivr.telephony.signature import HEADER, Signature
from ivr.tokens import CHALLENGE_FIELD, SecretProof

ALIVE, SIGNED = "/health/live", "/health/signed"
NOT_US = "see that the proxy passes this address on to `ivr serve`, with the path prefix of IVR_PUBLIC_URL taken off"
ANOTHER = "see where its name leads; or give that process the IVR_SECRET_KEY of this one (`ivr secret status`)"
SAME = "give the process that serves the same TWILIO_AUTH_TOKEN and IVR_PUBLIC_URL as this one, and restart it"


@check
async def public_url(subject: Subject) -> AsyncIterator[Finding]:
    """The address of IVR_PUBLIC_URL is reached and is this helpline; it takes a signed webhook and no other."""
    settings = subject.settings
    if settings.dev:
        yield skipped("in development nothing from outside rings us", "unset IVR_DEV")
        return
    challenge = token_urlsafe()
    try:
        alive = await subject.http.get(settings.public_url + ALIVE)
        signed = await _ask(subject, challenge, is_signed=True)
        forged = await _ask(subject, challenge, is_signed=False)
    except httpx2.HTTPError as failure:
        says = f"IVR_PUBLIC_URL cannot be reached from here ({type(failure).__name__})"
        yield error(says, "see that `ivr serve` runs, that its name resolves, and that its certificate is valid")
        return
    if (alive.status_code, alive.text) != (200, "alive"):
        yield error(f"whoever answers at IVR_PUBLIC_URL is not this helpline ({alive.status_code})", NOT_US)
    elif signed.status_code != 200:
        yield error(
            f"the helpline at IVR_PUBLIC_URL refuses what is signed with our token ({signed.status_code})", SAME
        )
    elif not SecretProof(settings.secrets).is_by_us(challenge, signed.text.partition(" ")[2]):
        yield error("the helpline at IVR_PUBLIC_URL is not ours: it has another IVR_SECRET_KEY", ANOTHER)
    elif forged.status_code == 200:
        says = "the helpline at IVR_PUBLIC_URL takes what nobody signed: anybody can forge calls"
        yield error(says, "start it without IVR_DEV")


async def _ask(subject: Subject, challenge: str, *, is_signed: bool) -> httpx2.Response:
    url, form = subject.settings.public_url, [(CHALLENGE_FIELD, challenge)]
    signature = Signature(url, subject.settings.auth_token).sign(SIGNED, form)
    headers = {HEADER.decode(): signature} if is_signed else {}
    return await subject.http.post(url + SIGNED, data=dict(form), headers=headers)
