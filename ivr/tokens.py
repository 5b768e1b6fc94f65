"""Sealed tokens in the addresses we give out: the state of a call, a recording link, the id of a text, an account,
a caller, words to be spoken; and those that a browser brings back in signing in.

Each kind is encrypted and authenticated (AES-SIV, RFC 5297) with a key of its own, derived from the operator's
secrets: the first secret seals, all open, so a new one can be put before an old one in the middle of a call. The
cipher needs no nonce: the same content gives the same token, so a webhook delivered twice gets the same answer to
the byte.
"""

from base64 import b32encode
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac_digest
from typing import NamedTuple
from uuid import UUID
from zlib import compress, decompress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import MsgspecError

from ivr.engine.call_state import CallState, decode_call_state
from ivr.errors import InvalidToken

CALL_STATE, RECORDING, SMS = b"memory of a call", b"address of a recording", b"id of a text"
ACCOUNT, SECOND_FACTOR = b"link to an account", b"second factor of an account"
CALLER, SPEECH, SIGN_IN = b"page of a caller", b"words to be spoken", b"signing in"
CHALLENGE = b"proof of the secret"
"""HKDF labels, one a kind. Tokens sealed before a release open after it only while these stay as they are."""
TO_URL, FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
CHALLENGE_FIELD = "Challenge"
"""The form field with what `ivr doctor` makes up, to find out who answers at our address."""
RECORDING_LINK_LIFETIME = timedelta(minutes=10)
CALLER_PAGE_LIFETIME = timedelta(hours=1)
UUID_BYTES = 16


@lru_cache(maxsize=32)
def _cipher(secret: bytes, label: bytes) -> AESSIV:
    return AESSIV(HKDF(SHA256(), length=64, salt=None, info=label).derive(secret))


def _encoded(sealed: bytes) -> str:
    return b2a_base64(sealed, newline=False).rstrip(b"=").translate(TO_URL).decode()


def _decoded(token: str) -> bytes:
    return a2b_base64(token.encode().translate(FROM_URL) + b"==")  # more padding than is missing does no harm


class CallStateTokens:
    """Seals call state, bound to one call, one step and one day.

    The provider's signature has no date, so one that was stolen from a log is good for ever. A token is good on its
    day (in UTC), on the next, for calls over midnight, and on the one before, for machines whose clocks differ: no
    call lasts longer, and idempotency keys are kept for as long (`ivr/store/retention.py`).

    >>> tokens = CallStateTokens(bytes(32))
    >>> token = tokens.close(CallState(turn=3), call="CA1", at="school/menu")
    >>> tokens.open(token, call="CA1", at="school/menu").turn
    3
    """

    def __init__(self, *secrets: bytes, clock: Callable[[], datetime] | None = None) -> None:
        """Without a `clock` tokens never expire."""
        self._clock = clock
        self._ciphers = tuple(_cipher(secret, CALL_STATE) for secret in secrets)

    def close(self, state: CallState, call: str, at: str) -> str:
        """Return a token that fits into a query string."""
        bound_to = [call.encode(), at.encode(), *self._day()]
        return _encoded(self._ciphers[0].encrypt(state.to_json(), bound_to))

    def open(self, token: str, call: str, at: str) -> CallState:
        """Return the call state; raise InvalidToken unless we sealed it for this call and step, and lately."""
        try:
            return decode_call_state(self._decrypted(_decoded(token), [call.encode(), at.encode()]))
        except (InvalidTag, MsgspecError, ValueError) as error:  # the last: it is not base64
            raise InvalidToken(at) from error

    def _decrypted(self, sealed: bytes, bound_to: list[bytes]) -> bytes:
        """Try today with the newest secret first: all others are rare."""
        for days in (0, -1, 1) if self._clock else (0,):
            for cipher in self._ciphers:
                try:
                    return cipher.decrypt(sealed, [*bound_to, *self._day(days)])
                except InvalidTag:
                    continue
        raise InvalidTag

    def _day(self, later: int = 0) -> tuple[bytes, ...]:
        if self._clock is None:
            return ()
        return (b"%d" % (self._clock().astimezone(UTC).toordinal() + later),)


class SecretProof:
    """Proves to whoever has the secret that we have it too, without a word of it.

    >>> proof = SecretProof([bytes(32)])
    >>> proof.is_by_us("one", proof.answer("one")), proof.is_by_us("another", proof.answer("one"))
    (True, False)
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._keys = tuple(HKDF(SHA256(), length=32, salt=None, info=CHALLENGE).derive(secret) for secret in secrets)

    def answer(self, challenge: str) -> str:
        """Return what only the first secret makes of a challenge, in hexadecimal."""
        return hmac_digest(self._keys[0], challenge.encode(), sha256).hex()

    def is_by_us(self, challenge: str, answer: str) -> bool:
        """Return whether an answer was made with one of our secrets."""
        made = (hmac_digest(key, challenge.encode(), sha256).hex() for key in self._keys)
        return any([compare_digest(one.encode(), answer.encode()) for one in made])


class SmsIdTokens:
    """Seals the id of a text into its StatusCallback address.

    The provider gives a text its SID only in the answer to our request. If that answer is lost, the status callback
    still finds the text, by our id for it; and nobody else can make up such an address.

    >>> tokens = SmsIdTokens([bytes(32)])
    >>> token = tokens.close("0f8fad5b-d9cb-469f-a165-70867728950e")
    >>> len(token), tokens.open(token)
    (43, '0f8fad5b-d9cb-469f-a165-70867728950e')
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._ciphers = tuple(_cipher(secret, SMS) for secret in secrets)

    def close(self, id: str) -> str:
        """Return a token that fits into a query string, the same for each attempt at a text."""
        return _encoded(self._ciphers[0].encrypt(UUID(id).bytes, None))

    def open(self, token: str) -> str:
        """Return the id; raise InvalidToken unless we sealed it."""
        return str(UUID(bytes=_opened(self._ciphers, token, "the id of a text")))


class RecordingLinks:
    """Makes addresses under `public_url` at which a voicemail can be heard for RECORDING_LINK_LIFETIME.

    The provider plays them to callers, and `ivr messages play` gives them to staff.

    >>> links = RecordingLinks("https://helpline.example", [bytes(32)])
    >>> address = links.address("0f8fad5b-d9cb-469f-a165-70867728950e", datetime(2026, 12, 1, tzinfo=UTC))
    >>> id, until = links.open(address.rpartition("/")[2])
    >>> id, until.isoformat()
    ('0f8fad5b-d9cb-469f-a165-70867728950e', '2026-12-01T00:10:00+00:00')
    """

    def __init__(self, public_url: str, secrets: Sequence[bytes]) -> None:
        self._public_url = public_url
        self._ciphers = tuple(_cipher(secret, RECORDING) for secret in secrets)

    def address(self, id: str, now: datetime) -> str:
        """Return the address of a voicemail (by its UUID), good from now on."""
        until = int((now + RECORDING_LINK_LIFETIME).timestamp()).to_bytes(8, "big")
        return f"{self._public_url}/recordings/{_encoded(self._ciphers[0].encrypt(UUID(id).bytes + until, None))}"

    def open(self, token: str) -> tuple[str, datetime]:
        """Return the voicemail's id and when its link expires; raise InvalidToken unless we sealed it."""
        opened = _opened(self._ciphers, token, "the address of a recording")
        until = datetime.fromtimestamp(int.from_bytes(opened[UUID_BYTES:], "big"), UTC)
        return str(UUID(bytes=opened[:UUID_BYTES])), until


class Purpose(StrEnum):
    """What a token of an account is for; the first two are named in the addresses of links."""

    invitation = "invitation"
    reset = "reset"
    code = "code"
    """To go on with the second factor after the password."""


LIFETIMES: Mapping[Purpose, timedelta] = {
    Purpose.invitation: timedelta(days=7),
    Purpose.reset: timedelta(hours=2),
    Purpose.code: timedelta(minutes=5),
}
TOTP_BYTES = 20
"""As RFC 4226 recommends."""


class AccountToken(NamedTuple):
    """An opened token: the id of an account, and a fingerprint of the password that it had."""

    account: str
    fingerprint: bytes

    def fits(self, password: str) -> bool:
        """Return whether that is still what stands for the password: a link works until it is changed, so once."""
        return compare_digest(self.fingerprint, _fingerprint(password))


class AccountTokens:
    """Seals what somebody of staff proves by a link, or by their password, for one purpose and a while.

    >>> tokens, now = AccountTokens([bytes(32)]), datetime(2026, 12, 1, tzinfo=UTC)
    >>> token = tokens.close(Purpose.reset, "0f8fad5b-d9cb-469f-a165-70867728950e", "the old hash", now)
    >>> opened = tokens.open(Purpose.reset, token, now + timedelta(hours=2))
    >>> opened.account, opened.fits("the old hash"), opened.fits("the new hash")
    ('0f8fad5b-d9cb-469f-a165-70867728950e', True, False)
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._ciphers = tuple(_cipher(secret, ACCOUNT) for secret in secrets)
        self._totp_key = HKDF(SHA256(), length=32, salt=None, info=SECOND_FACTOR).derive(secrets[0])

    def close(self, purpose: Purpose, account: str, password: str, now: datetime) -> str:
        """Return a token for an account (by its UUID), whose hashed password is this now."""
        until = int((now + LIFETIMES[purpose]).timestamp()).to_bytes(8, "big")
        return _encoded(
            self._ciphers[0].encrypt(UUID(account).bytes + until + _fingerprint(password), [purpose.encode()])
        )

    def open(self, purpose: Purpose, token: str, now: datetime) -> AccountToken:
        """Return what was sealed; raise InvalidToken unless we sealed it for this purpose, and it is not too old."""
        what = f"{purpose} of an account"
        opened = _opened(self._ciphers, token, what, [purpose.encode()])
        id, until, fingerprint = opened[:UUID_BYTES], opened[UUID_BYTES : UUID_BYTES + 8], opened[UUID_BYTES + 8 :]
        if now.timestamp() > int.from_bytes(until, "big"):
            raise InvalidToken(what)
        return AccountToken(str(UUID(bytes=id)), fingerprint)

    def totp_secret(self, token: str) -> str:
        """Return the secret (base32) of the second factor that is set up by a link: the same each time it is opened."""
        return b32encode(hmac_digest(self._totp_key, token.encode(), "sha256")[:TOTP_BYTES]).decode()


class SignInTokens:
    """Seals what a browser brings back while somebody signs in, such as the challenge of a passkey; bound to a purpose.

    >>> tokens, now = SignInTokens([bytes(32)]), datetime(2026, 12, 1, tzinfo=UTC)
    >>> token = tokens.close(b"random", "passkey of Ann", now + timedelta(minutes=5))
    >>> tokens.open(token, "passkey of Ann", now)
    b'random'
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._ciphers = tuple(_cipher(secret, SIGN_IN) for secret in secrets)

    def close(self, content: bytes, purpose: str, until: datetime) -> str:
        """Return a token that is good until then."""
        ends = int(until.timestamp()).to_bytes(8, "big")
        return _encoded(self._ciphers[0].encrypt(ends + content, [purpose.encode()]))

    def open(self, token: str, purpose: str, now: datetime) -> bytes:
        """Return the content; raise InvalidToken unless we sealed it for this purpose, and it is not too old."""
        opened = _opened(self._ciphers, token, purpose, [purpose.encode()])
        if now.timestamp() > int.from_bytes(opened[:8], "big"):
            raise InvalidToken(purpose)
        return opened[8:]


class CallerTokens:
    """Seals a caller's number into the address of their page, for one account and CALLER_PAGE_LIFETIME.

    >>> tokens, now = CallerTokens([bytes(32)]), datetime(2026, 12, 1, tzinfo=UTC)
    >>> token = tokens.close("+447700900123", "ann", now)
    >>> tokens.open(token, "ann", now)
    '+447700900123'
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._ciphers = tuple(_cipher(secret, CALLER) for secret in secrets)

    def close(self, number: str, account: str, now: datetime) -> str:
        """Return a token for a number (E.164), which opens for this account (by its id) only."""
        until = int((now + CALLER_PAGE_LIFETIME).timestamp()).to_bytes(8, "big")
        return _encoded(self._ciphers[0].encrypt(until + number.encode(), [account.encode()]))

    def open(self, token: str, account: str, now: datetime) -> str:
        """Return the number; raise InvalidToken unless we sealed it for this account, and lately."""
        what = "the page of a caller"
        opened = _opened(self._ciphers, token, what, [account.encode()])
        if now.timestamp() > int.from_bytes(opened[:8], "big"):
            raise InvalidToken(what)
        return opened[8:].decode()


class SpeechTokens:
    """Seals words to be spoken into the address of their sound, so that nobody has us speak what we did not write.

    >>> tokens = SpeechTokens([bytes(32)])
    >>> tokens.open(tokens.close("en-GB", "We are closed."))
    ('en-GB', 'We are closed.')
    """

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._ciphers = tuple(_cipher(secret, SPEECH) for secret in secrets)

    def close(self, language: str, words: str) -> str:
        """Return a token for some words in a language (its tag)."""
        return _encoded(self._ciphers[0].encrypt(compress(f"{language} {words}".encode(), 9), None))

    def open(self, token: str) -> tuple[str, str]:
        """Return the language and the words; raise InvalidToken unless we sealed them."""
        language, _, words = decompress(_opened(self._ciphers, token, "words to be spoken")).decode().partition(" ")
        return language, words


def _fingerprint(password: str) -> bytes:
    return sha256(password.encode()).digest()[:16]


def _opened(ciphers: Sequence[AESSIV], token: str, what: str, bound_to: list[bytes] | None = None) -> bytes:
    for cipher in ciphers:
        with suppress(InvalidTag, ValueError):  # the last: it is not base64
            return cipher.decrypt(_decoded(token), bound_to)
    raise InvalidToken(what)
