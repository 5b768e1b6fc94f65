"""Seals the id of a text into the address at which the provider tells us what became of it.

The provider gives a text its own name only in the answer to our request. If that answer is lost, the news of the
delivery still finds the text, by our name for it; and nobody else can make up such an address.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.errors import InvalidToken


def seal_sms_id(secrets: Sequence[bytes], id: str) -> str:
    """A token for a query string, sealed with the first secret: the same for each attempt at a text.

    >>> token = seal_sms_id([bytes(32)], "0f8fad5b-d9cb-469f-a165-70867728950e")
    >>> len(token), open_sms_id([bytes(32)], token)
    (43, '0f8fad5b-d9cb-469f-a165-70867728950e')
    """
    return urlsafe_b64encode(_cipher(secrets[0]).encrypt(UUID(id).bytes, None)).rstrip(b"=").decode()


def open_sms_id(secrets: Sequence[bytes], token: str) -> str:
    """The id in a token; raises BrokenSeal for any token that we did not make. Every secret opens."""
    for secret in secrets:
        try:
            sealed = urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
            return str(UUID(bytes=_cipher(secret).decrypt(sealed, None)))
        except (InvalidTag, NotBase64, ValueError):
            continue
    raise InvalidToken("the id of a text")


@lru_cache(maxsize=8)
def _cipher(secret: bytes) -> AESSIV:
    return AESSIV(HKDF(SHA256(), length=64, salt=None, info=b"id of a text").derive(secret))
