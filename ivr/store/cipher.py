"""Encrypts telephone numbers, texts and recordings at rest, and indexes numbers without revealing them."""

from collections.abc import Sequence
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.errors import DatabaseUnavailable, InvalidToken

NONCE = 12
UNREADABLE = "sealed with a secret that is not in IVR_SECRET_KEY"
"""What staff read in place of a number or of words that cannot be decrypted."""


class Cipher:
    """Encrypts (AES-256-GCM) with keys derived from the secrets, and makes blind indexes (HMAC-SHA-256).

    The first secret encrypts, all decrypt. The keys of the blind indexes are the database's own (`index_keys.py`), so
    that a change of the secrets changes no blind index; until they are known, none can be made.

    >>> cipher = Cipher([bytes(32)], [b"k" * 32])
    >>> cipher.decrypt(cipher.encrypt("+447700900123"))
    '+447700900123'
    >>> cipher.blind_index("+447700900123") == cipher.blind_index("+447700900123")
    True
    """

    def __init__(self, secrets: Sequence[bytes], index_keys: Sequence[bytes] = ()) -> None:
        # The purposes are part of the keys: with other words nothing that is stored could be read or found.
        self._ciphers = [AESGCM(_key(secret, b"what is kept")) for secret in secrets]
        self.fingerprints = tuple(fingerprint(secret) for secret in secrets)
        self.derived_index_keys = tuple(_key(secret, b"what finds it again") for secret in reversed(secrets))
        """The keys that blind indexes were made with before they had keys of their own: the oldest secret's first."""
        self.use_index_keys(index_keys)

    def use_index_keys(self, index_keys: Sequence[bytes]) -> None:
        """Make blind indexes with these keys from now on: the first is the current one."""
        self._hashes = [HMAC(key, SHA256()) for key in index_keys]
        self._audit_hash = [HMAC(_key(key, b"audit log"), SHA256()) for key in index_keys[:1]]

    def encrypt(self, text: str) -> bytes:
        """Return the text encrypted and authenticated; another result each time."""
        return self.encrypt_bytes(text.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Return the text; raise InvalidToken if it was encrypted with a secret that we do not have."""
        return self.decrypt_bytes(encrypted).decode()

    def decrypt_or_none(self, encrypted: bytes) -> str | None:
        """Return the text, or None if it was encrypted with a secret that we do not have: it hides no other row."""
        try:
            return self.decrypt(encrypted)
        except InvalidToken:
            return None

    def encrypt_bytes(self, data: bytes, place: int = 0) -> bytes:
        """Return data, such as a recording, encrypted in the same way, with the secret at this place."""
        nonce = token_bytes(NONCE)
        return nonce + self._ciphers[place].encrypt(nonce, data, None)

    def decrypt_bytes(self, encrypted: bytes) -> bytes:
        """Return the data; raise InvalidToken like `decrypt`."""
        return self._decrypted(encrypted)[1]

    def place_of(self, encrypted: bytes) -> int | None:
        """Return which of the secrets encrypted it, from 0; None if it was another."""
        try:
            return self._decrypted(encrypted)[0]
        except InvalidToken:
            return None

    def encrypt_number(self, number: str) -> dict[str, bytes]:
        """Return the columns `number` and `blind_index` of a row."""
        return {"number": self.encrypt(number), "blind_index": self.blind_index(number)}

    def blind_index(self, text: str) -> bytes:
        """Return a keyed hash by which the same text is found again; it reveals nothing without the key.

        Raises DatabaseUnavailable before the keys were read from the database.
        """
        return _digest(self._known_hashes()[0], text)

    def blind_indexes(self, text: str) -> list[bytes]:
        """Return the blind index under every key, the current first; an old database may have rows of several."""
        return [_digest(keyed_hash, text) for keyed_hash in self._known_hashes()]

    def audit_mac(self, content: str) -> bytes:
        """Return the keyed hash of a part of the audit log. Its key is derived from that of the blind indexes.

        Raises DatabaseUnavailable like `blind_index`.
        """
        self._known_hashes()
        return _digest(self._audit_hash[0], content)

    def _known_hashes(self) -> Sequence[HMAC]:
        if not self._hashes:
            raise DatabaseUnavailable("no number can be looked up before the database has been read")
        return self._hashes

    def _decrypted(self, encrypted: bytes) -> tuple[int, bytes]:
        for place, cipher in enumerate(self._ciphers):
            try:
                return place, cipher.decrypt(encrypted[:NONCE], encrypted[NONCE:], None)
            except (InvalidTag, ValueError):
                continue
        raise InvalidToken(f"This is {UNREADABLE}: put that secret back, behind the others.")


def fingerprint(secret: bytes) -> str:
    """Return a name for a secret that tells nothing of it.

    >>> fingerprint(bytes(32)) == fingerprint(bytes(32)), len(fingerprint(bytes(32)))
    (True, 8)
    """
    return _key(secret, b"fingerprint")[:4].hex()


def _digest(keyed_hash: HMAC, text: str) -> bytes:
    keyed = keyed_hash.copy()
    keyed.update(text.encode())
    return keyed.finalize()


def _key(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret)
