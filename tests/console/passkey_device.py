"""A device with passkeys, in software: it makes and uses them as WebAuthn has it, and can be told to do it wrongly."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40
"""Flags of authenticator data: https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data"""


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


@dataclass
class Device:
    """A device at an origin; `rp_id`, `count`, `flags` and `challenge` can be set to what they should not be."""

    origin: str = "https://helpline.example"
    rp_id: str = ""
    flags: int = PRESENT | VERIFIED
    count: int = 0
    challenge: str = ""
    keys: dict[str, tuple[EllipticCurvePrivateKey, str]] = field(default_factory=dict)

    def make(self, options: dict[str, Any]) -> str:
        """Return what `navigator.credentials.create` brings back, as JSON."""
        id, key = token_bytes(16), generate_private_key(SECP256R1())
        self.keys[encoded(id)] = key, options["user"]["id"]
        about = bytes(16) + len(id).to_bytes(2, "big") + id + _cose(key)
        data = self._data(options["rp"]["id"], self.flags | HAS_CREDENTIAL) + about
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return _credential(encoded(id), clientDataJSON=encoded(client), attestationObject=encoded(attestation))

    def use(self, options: dict[str, Any], id: str = "", **other: Any) -> str:
        """Return what `navigator.credentials.get` brings back for the last passkey, as JSON."""
        id = id or list(self.keys)[-1]
        key, user = self.keys[id]
        client, data = self._client("webauthn.get", options), self._data(options["rpId"], self.flags)
        signature = key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(data),
            "signature": encoded(signature),
            "userHandle": user,
        }
        return _credential(id, **response | other)

    def _data(self, rp_id: str, flags: int) -> bytes:
        return sha256((self.rp_id or rp_id).encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = self.challenge or options["challenge"]
        return dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()


def _cose(key: EllipticCurvePrivateKey) -> bytes:
    """Return the public key as COSE has it (RFC 9053), for ES256."""
    point = key.public_key().public_numbers()
    x, y = (one.to_bytes(32, "big") for one in (point.x, point.y))
    return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def _credential(id: str, **response: Any) -> str:
    return dumps({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}})
