"""Are the settings whole, usable and spelt right?"""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from ivr.config import LOCALHOST, wrong_settings
from ivr.doctor.registry import Finding, Subject, check, error, warning

MEND = "set it in the environment or in .env; .env.example explains each one"


@check
async def settings(subject: Subject) -> AsyncIterator[Finding]:
    """Every setting that is needed is there, each can be used, and no name is misspelt."""
    for line in wrong_settings():
        yield error(line, MEND)
    url = urlsplit(subject.settings.public_url)
    if url.scheme == "http" and url.hostname not in LOCALHOST:
        says = "IVR_PUBLIC_URL begins with http: what callers key in travels unencrypted"
        yield warning(says, "serve https, and write https here and at the provider's number")
