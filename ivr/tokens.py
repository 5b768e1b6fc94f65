"""Seals memory so that nobody else can read it, change it, or use it elsewhere."""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import MsgspecError

from ivr.engine.call_state import CallState, decode_call_state
from ivr.errors import InvalidToken

TO_ADDRESS, FROM_ADDRESS = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")


class CallStateTokens:
    """Encrypts and authenticates memory, bound to one call, one step and one day (AES-SIV, RFC 5297).

    The cipher needs no random number: the same memory at the same turn gives the same token, so a webhook
    delivered twice gets the same answer to the byte.

    The provider's signature has no date, so one that was stolen from a log is good for ever. A token is good on its
    day (in UTC), on the next, for calls over midnight, and on the one before, for machines whose clocks differ: no
    call lasts longer, and what became of a promise is kept for as long (`ivr/store/retention.py`).

    >>> tokens = CallStateTokens(bytes(32))
    >>> token = tokens.close(CallState(turn=3), call="CA1", at="school/menu")
    >>> tokens.open(token, call="CA1", at="school/menu").turn
    3
    """

    def __init__(self, *secrets: bytes, clock: Callable[[], datetime] | None = None) -> None:
        """The first secret seals, all open: a new one can be put before an old one in the middle of a call.

        Without a `clock` tokens never grow old.
        """
        self._clock = clock
        self._ciphers = tuple(AESSIV(_key(secret)) for secret in secrets)

    def close(self, state: CallState, call: str, at: str) -> str:
        """A token that fits into a query string."""
        bound_to = [call.encode(), at.encode(), *self._day()]
        sealed = self._ciphers[0].encrypt(state.to_json(), bound_to)
        return b2a_base64(sealed, newline=False).rstrip(b"=").translate(TO_ADDRESS).decode()

    def open(self, token: str, call: str, at: str) -> CallState:
        """The memory in a token; raises BrokenSeal for any that we did not make for this call and step of late."""
        try:
            sealed = a2b_base64(token.encode().translate(FROM_ADDRESS) + b"==")  # more than is missing does no harm
            return decode_call_state(self._decrypted(sealed, [call.encode(), at.encode()]))
        except (InvalidTag, MsgspecError, ValueError) as error:  # the last: it is not base64
            raise InvalidToken(at) from error

    def _decrypted(self, sealed: bytes, bound_to: list[bytes]) -> bytes:
        """Today's with the newest secret first: all others are rare."""
        for days in (0, -1, 1) if self._clock else (0,):
            for cipher in self._ciphers:
                with suppress(InvalidTag):
                    return cipher.decrypt(sealed, [*bound_to, *self._day(days)])
        raise InvalidTag

    def _day(self, later: int = 0) -> tuple[bytes, ...]:
        if self._clock is None:
            return ()
        return (b"%d" % (self._clock().astimezone(UTC).toordinal() + later),)


def _key(secret: bytes) -> bytes:
    return HKDF(SHA256(), length=64, salt=None, info=b"memory of a call").derive(secret)
