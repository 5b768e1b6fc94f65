"""Hides telephone numbers, words and sounds at rest, and finds a number again without reading it."""

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
    """Seals text and sounds (AES-256-GCM) and marks it (HMAC-SHA-256), with keys derived from the secrets.

    The secrets are newest first: the first seals, all open. To change the secret, put a new one in front and leave
    the old one until nothing sealed with it is kept.

    Marks are made with the last, the oldest: so they stay the same while new secrets are put in front. Whoever takes
    the oldest away makes every mark anew, and forgets who said STOP: nothing but the mark is kept of those.

    >>> cipher = Cipher([bytes(32)])
    >>> cipher.decrypt(cipher.encrypt("+447700900123"))
    '+447700900123'
    >>> cipher.blind_index("+447700900123") == cipher.blind_index("+447700900123")
    True
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._ciphers = [AESGCM(_key(secret, b"what is kept")) for secret in secrets]
        self._markers = [new(_key(secret, b"what finds it again"), digestmod="sha256") for secret in reversed(secrets)]

    def encrypt(self, text: str) -> bytes:
        """The text, encrypted and authenticated; another result each time."""
        return self.encrypt_bytes(text.encode())

    def decrypt(self, sealed: bytes) -> str:
        """The text; raises BrokenSeal if it was sealed with a secret that we have no longer."""
        return self.decrypt_bytes(sealed).decode()

    def encrypt_bytes(self, data: bytes) -> bytes:
        """What is no text, such as a sound, in the same way."""
        nonce = token_bytes(NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, data, None)

    def decrypt_bytes(self, sealed: bytes) -> bytes:
        """What was sealed; raises BrokenSeal like `open`."""
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None)
            except (InvalidTag, ValueError):
                continue
        raise InvalidToken("sealed with a secret that we have no longer")

    def blind_index(self, text: str) -> bytes:
        """A keyed hash by which the same text is found again; it cannot be turned back without the secret."""
        return _marked(self._markers[0], text)

    def blind_indexes(self, text: str) -> list[bytes]:
        """The marks under every secret, `mark` first: for finding what was marked before the secrets were reordered."""
        return [_marked(marker, text) for marker in self._markers]


def _marked(marker: HMAC, text: str) -> bytes:
    keyed = marker.copy()
    keyed.update(text.encode())
    return keyed.digest()


def _key(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret)
