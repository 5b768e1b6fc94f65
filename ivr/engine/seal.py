"""Seals memory so that nobody else can read it, change it, or use it elsewhere."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.engine.memory import Memory
from ivr.errors import BrokenSeal


class Seal:
    """Encrypts and authenticates memory, bound to one call and one step (AES-SIV, RFC 5297).

    The cipher needs no random number: the same memory at the same turn gives the same token, so a webhook
    delivered twice gets the same answer to the byte.

    >>> seal = Seal(bytes(32))
    >>> token = seal.close(Memory(turn=3), call="CA1", at="school/menu")
    >>> seal.open(token, call="CA1", at="school/menu").turn
    3
    """

    def __init__(self, *secrets: bytes) -> None:
        """The first secret seals, all open: a new one can be put before an old one in the middle of a call."""
        self._ciphers = tuple(AESSIV(_key(secret)) for secret in secrets)

    def close(self, memory: Memory, call: str, at: str) -> str:
        """A token that fits into a query string."""
        sealed = self._ciphers[0].encrypt(memory.to_json(), [call.encode(), at.encode()])
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, token: str, call: str, at: str) -> Memory:
        """The memory in a token; raises BrokenSeal for any token that we did not make for this call and step."""
        try:
            sealed = urlsafe_b64decode(token.encode() + b"==")  # more than is missing does no harm
            return Memory.from_json(self._decrypted(sealed, [call.encode(), at.encode()]))
        except (InvalidTag, NotBase64, ValueError, TypeError) as error:  # the last two: memory of another release
            raise BrokenSeal(at) from error

    def _decrypted(self, sealed: bytes, bound_to: list[bytes]) -> bytes:
        for cipher in self._ciphers[:-1]:
            with suppress(InvalidTag):
                return cipher.decrypt(sealed, bound_to)
        return self._ciphers[-1].decrypt(sealed, bound_to)


def _key(secret: bytes) -> bytes:
    return HKDF(SHA256(), length=64, salt=None, info=b"memory of a call").derive(secret)
