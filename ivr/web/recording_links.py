"""Addresses at which a message can be heard for a short while, by whoever has been given one.

The telephone company plays them to callers, and `ivr messages play` gives them to our advisers. Nobody else can make
one up, and an old one is of no use.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.errors import InvalidToken

GOOD_FOR = timedelta(minutes=10)
AN_ID = 16
"""Bytes; the rest of what is sealed is the second, since 1970, until which the address is good."""


@dataclass(frozen=True, slots=True)
class RecordingLinks:
    """Makes such addresses under `public_url`: the first of the secrets seals, all open."""

    public_url: str
    secrets: Sequence[bytes] = field(repr=False)

    def address(self, id: str, now: datetime) -> str:
        """Where a message (by its name, a UUID) can be heard from now on, until GOOD_FOR is over."""
        until = int((now + GOOD_FOR).timestamp()).to_bytes(8, "big")
        sealed = _cipher(self.secrets[0]).encrypt(UUID(id).bytes + until, None)
        return f"{self.public_url}/recordings/{urlsafe_b64encode(sealed).rstrip(b'=').decode()}"

    def open(self, token: str) -> tuple[str, datetime]:
        """Which message may be heard by the last part of an address, and until when; raises BrokenSeal.

        >>> listening = RecordingLinks("https://helpline.example", [bytes(32)])
        >>> address = listening.address("0f8fad5b-d9cb-469f-a165-70867728950e", datetime(2026, 12, 1, tzinfo=UTC))
        >>> id, until = listening.open(address.rpartition("/")[2])
        >>> id, until.isoformat()
        ('0f8fad5b-d9cb-469f-a165-70867728950e', '2026-12-01T00:10:00+00:00')
        """
        for secret in self.secrets:
            try:
                sealed = urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
                opened = _cipher(secret).decrypt(sealed, None)
            except (InvalidTag, NotBase64, ValueError):
                continue
            until = datetime.fromtimestamp(int.from_bytes(opened[AN_ID:], "big"), UTC)
            return str(UUID(bytes=opened[:AN_ID])), until
        raise InvalidToken("the address of a recording")


@lru_cache(maxsize=8)
def _cipher(secret: bytes) -> AESSIV:
    return AESSIV(HKDF(SHA256(), length=64, salt=None, info=b"address of a recording").derive(secret))
