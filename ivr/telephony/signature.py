"""Tells the provider's webhooks from everybody else's.

https://www.twilio.com/docs/usage/security#validating-requests. What is signed is the public address: our one
setting for it, then the path and the query exactly as they came. Forwarded headers are not believed.
"""

import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from multidict import MultiDict
from twilio.request_validator import RequestValidator

HEADER = b"x-twilio-signature"
STANDARD_PORTS = {"https": 443, "http": 80}


class Signature:
    """Checks signatures made with one token for one public address.

    >>> Signature("https://helpline.example", "secret").matches("/voice", [], "")
    False
    """

    def __init__(self, public_url: str, token: str) -> None:
        self._validator = RequestValidator(token)
        self._origins = spellings(public_url)

    def matches(self, path: str, form: Sequence[tuple[str, str]], signature: str) -> bool:
        """Whether a request for `path` (with its query) carrying `form` was signed by the provider."""
        fields, given = MultiDict(form), signature.encode()
        return any(
            hmac.compare_digest(self._validator.compute_signature(origin + path, fields).encode(), given)
            for origin in self._origins
        )


def spellings(public_url: str) -> tuple[str, ...]:
    """The address as set, and as Twilio may sign it: with the standard port, or without any.

    >>> spellings("https://helpline.example/ivr")
    ('https://helpline.example/ivr', 'https://helpline.example:443/ivr')
    """
    url = urlsplit(public_url.rstrip("/"))
    host = url.netloc.rpartition(":")[0] if url.port else f"{url.netloc}:{STANDARD_PORTS[url.scheme]}"
    return public_url.rstrip("/"), urlunsplit(url._replace(netloc=host))
