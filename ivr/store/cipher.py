"""Encrypts telephone numbers, texts and recordings at rest, and indexes numbers without revealing them."""

from collections.abc import Sequence
from hmac import HMAC, new
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.errors import InvalidToken

NONCE = 12


class Cipher:
    """Encrypts (AES-256-GCM) and makes blind indexes (HMAC-SHA-256), with keys derived from the secrets.

    The secrets are newest first: the first encrypts, all decrypt. To change the secret, put a new one in front and
    leave the old one until nothing encrypted with it is kept.

    Blind indexes are made with the last secret, the oldest, so that they stay the same while new ones are put in front.
    Without the oldest every blind index is another, and opt-outs are lost: nothing else is kept of those.

    >>> cipher = Cipher([bytes(32)])
    >>> cipher.decrypt(cipher.encrypt("+447700900123"))
    '+447700900123'
    >>> cipher.blind_index("+447700900123") == cipher.blind_index("+447700900123")
    True
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        # The purposes are part of the keys: with other words nothing that is stored could be read or found.
        self._ciphers = [AESGCM(_key(secret, b"what is kept")) for secret in secrets]
        self._hashes = [new(_key(secret, b"what finds it again"), digestmod="sha256") for secret in reversed(secrets)]

    def encrypt(self, text: str) -> bytes:
        """Return the text encrypted and authenticated; another result each time."""
        return self.encrypt_bytes(text.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Return the text; raise InvalidToken if it was encrypted with a secret that we have no longer."""
        return self.decrypt_bytes(encrypted).decode()

    def encrypt_bytes(self, data: bytes) -> bytes:
        """Return data, such as a recording, encrypted in the same way."""
        nonce = token_bytes(NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, data, None)

    def decrypt_bytes(self, encrypted: bytes) -> bytes:
        """Return the data; raise InvalidToken like `decrypt`."""
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(encrypted[:NONCE], encrypted[NONCE:], None)
            except (InvalidTag, ValueError):
                continue
        raise InvalidToken("encrypted with a secret that we have no longer")

    def encrypt_number(self, number: str) -> dict[str, bytes]:
        """Return the columns `number` and `blind_index` of a row."""
        return {"number": self.encrypt(number), "blind_index": self.blind_index(number)}

    def blind_index(self, text: str) -> bytes:
        """Return a keyed hash by which the same text is found again; it reveals nothing without the secret."""
        return _digest(self._hashes[0], text)

    def blind_indexes(self, text: str) -> list[bytes]:
        """Return the blind index under every secret, the current first: rows may be from before they were reordered."""
        return [_digest(keyed_hash, text) for keyed_hash in self._hashes]


def _digest(keyed_hash: HMAC, text: str) -> bytes:
    keyed = keyed_hash.copy()
    keyed.update(text.encode())
    return keyed.digest()


def _key(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret)
