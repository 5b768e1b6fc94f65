"""Verifies the signature of the provider's webhooks.

https://www.twilio.com/docs/usage/security#validating-requests. What is signed is the public URL: our one
setting for it, then the path and the query exactly as they came. Forwarded headers are not believed.
"""

import re
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from hmac import compare_digest
from itertools import chain
from urllib.parse import urlsplit, urlunsplit

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.hmac import HMAC

HEADER = b"x-twilio-signature"
WELL_FORMED = re.compile(rb"[A-Za-z0-9+/]{27}=")
"""The base64 of the 20 bytes of an HMAC-SHA1."""
STANDARD_PORTS = {"https": 443, "http": 80}


class Signature:
    """Checks signatures made with one auth token for one public URL; or with either of two, written with a comma.

    The provider's own `RequestValidator` takes several times as long; a test compares the two.

    >>> Signature("https://helpline.example", "secret").matches("/voice", [], "")
    False
    """

    def __init__(self, public_url: str, token: str) -> None:
        self._keys = [HMAC(one.encode(), SHA1()) for one in token.split(",")]  # noqa: S303 (it is what Twilio signs with)
        self._origins = spellings(public_url)

    def matches(self, path: str, form: Sequence[tuple[str, str]], signature: str) -> bool:
        """Tell whether a request for `path` (with its query) with this `form` was signed by the provider."""
        return self.signed_one([origin + path for origin in self._origins], form, signature) is not None

    def signed_one(self, urls: Iterable[str], form: Sequence[tuple[str, str]], signature: str) -> str | None:
        """Return the first of these URLs that was signed together with this `form`, None if none was."""
        fields, given = "".join(chain.from_iterable(sorted(set(form)))), signature.encode()
        for url in urls:
            for key in self._keys:
                if compare_digest(_signature(key, url + fields), given):
                    return url
        return None

    def sign(self, path: str, form: Sequence[tuple[str, str]]) -> str:
        """Return the signature of a request, as the provider makes it with the first token."""
        signed = self._origins[0] + path + "".join(chain.from_iterable(sorted(set(form))))
        return _signature(self._keys[0], signed).decode()


def _signature(key: HMAC, signed: str) -> bytes:
    keyed = key.copy()
    keyed.update(signed.encode())
    return b2a_base64(keyed.finalize(), newline=False)


def spellings(public_url: str) -> tuple[str, ...]:
    """Return the URL as set, and as Twilio may sign it: with the standard port, or without any.

    >>> spellings("https://helpline.example/ivr")
    ('https://helpline.example/ivr', 'https://helpline.example:443/ivr')
    """
    url = urlsplit(public_url.rstrip("/"))
    host = url.netloc.rpartition(":")[0] if url.port else f"{url.netloc}:{STANDARD_PORTS[url.scheme]}"
    return public_url.rstrip("/"), urlunsplit(url._replace(netloc=host))
