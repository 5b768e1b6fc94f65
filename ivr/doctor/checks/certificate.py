"""Is the certificate of our public address good for a while?"""

import ssl
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

from ivr.doctor.certificate import certificate_ends
from ivr.doctor.registry import Finding, Subject, check, error, skipped, warning
from ivr.helpline.timezone import LONDON

SOON = timedelta(days=14)
"""Whoever renews by itself does so a month before: https://letsencrypt.org/docs/faq/"""
PATIENCE = 5.0
MEND = "see why the proxy does not renew it, in its log (docs/deployment.md)"
HTTPS = 443


@check
async def certificate(subject: Subject) -> AsyncIterator[Finding]:
    """The certificate of IVR_PUBLIC_URL is trusted, and is good for two weeks at least."""
    url = urlsplit(subject.settings.public_url)
    if subject.settings.dev or url.scheme != "https" or not url.hostname:
        yield skipped("there is no certificate where nothing is served by https", "serve IVR_PUBLIC_URL by https")
        return
    try:
        ends = await certificate_ends(url.hostname, url.port or HTTPS, PATIENCE)
    except ssl.SSLCertVerificationError as failure:
        says = f"the certificate of {url.hostname} is not trusted: {failure.verify_message}"
        yield error(f"{says}. Twilio refuses to call there, and callers hear the fallback", MEND)
    except OSError:  # TimeoutError among them
        yield skipped(f"nobody shows a certificate at {url.hostname}", "`ivr doctor public_url`")
    else:
        if ends - subject.now < SOON:
            until = f"{ends.astimezone(LONDON):%A %d %B %Y, %H:%M}"
            yield warning(f"the certificate of {url.hostname} ends on {until}", MEND)
