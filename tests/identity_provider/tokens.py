"""Its keys, and the ID tokens that it signs with them."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from hmac import digest
from json import dumps
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.identity_provider.faults import Fault

MINUTES = 60
CHANGED: Mapping[Fault, dict[str, Any]] = {
    Fault.OTHER_ISSUER: {"iss": "https://evil.example"},
    Fault.OTHER_AUDIENCE: {"aud": "another application"},
    Fault.OTHER_NONCE: {"nonce": "another"},
}
LEFT_OUT = {Fault.NO_NONCE: "nonce", Fault.NO_SUBJECT: "sub"}


@cache
def _key(name: str) -> RSAKey:
    """Return the key of a name, which takes a tenth of a second to make; all providers of a process have the same."""
    return RSAKey.generate_key(2048, {"kid": name, "alg": "RS256", "use": "sig"})


class Keys:
    """The keys of an identity provider: those that it publishes, and one that it does not."""

    def __init__(self) -> None:
        self._published = [_key("one")]
        self._never = _key("never")

    def rotate(self) -> None:
        """Sign with a new key from now on, which is published beside the old one."""
        name = f"new {len(self._published)}"
        self._published.append(_key(name))

    @property
    def published(self) -> Any:
        """Return what everybody can read."""
        return KeySet([*self._published]).as_dict(private=False)

    def signed(self, claims: dict[str, Any], at: int, faults: set[Fault]) -> str:
        """Return an ID token."""
        about = {"iat": at, "exp": at + 5 * MINUTES} | claims
        for fault in faults:
            about |= CHANGED.get(fault, {})
            about.pop(LEFT_OUT.get(fault, ""), None)
        if Fault.EXPIRED in faults:
            about |= {"iat": at - 60 * MINUTES, "exp": at - 50 * MINUTES}
        if Fault.OF_THE_FUTURE in faults:
            about |= {"iat": at + 50 * MINUTES, "exp": at + 60 * MINUTES}
        return self._encoded(about, faults)

    def _encoded(self, claims: dict[str, Any], faults: set[Fault]) -> str:
        key = self._published[-1]
        kid = str(key.kid)
        if Fault.NOT_SIGNED in faults:
            return f"{_by_hand({'alg': 'none', 'kid': kid}, claims)}."
        if Fault.SIGNED_WITH_THE_PUBLIC_KEY in faults:
            signed = _by_hand({"alg": "HS256", "kid": kid}, claims)
            return f"{signed}.{_encoded(digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"
        if Fault.OTHER_KEY in faults:
            return jwt.encode({"alg": "RS256", "kid": kid}, claims, self._never, ["RS256"])
        if Fault.UNKNOWN_KEY in faults:
            return jwt.encode({"alg": "RS256", "kid": "never"}, claims, self._never, ["RS256"])
        return jwt.encode({"alg": "RS256", "kid": kid}, claims, key, ["RS256"])


def _by_hand(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Return what is signed of a token; no library makes what is wrong with these."""
    return ".".join(_encoded(dumps(part).encode()) for part in (header, claims))


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
