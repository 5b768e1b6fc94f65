"""One request as it comes over the wire, down to the byte."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from multidict import MultiDict
from twilio.request_validator import RequestValidator

from ivr.telephony.webhook import read_form

URL = "https://helpline.example"
FORM = (b"content-type", b"application/x-www-form-urlencoded; charset=UTF-8")
VALIDATOR = RequestValidator("token")
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Webhook:
    """`body` is what is sent; a signature is made of it unless another is given. `pieces` is how many it comes in."""

    path: str
    query: str = ""
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = (FORM,)
    method: str = "POST"
    signature: str | None = None
    pieces: int = 1

    @property
    def is_signed(self) -> bool:
        """Whether the signature is the provider's own."""
        return self.signature is None

    @property
    def fields(self) -> Fields:
        """What it says."""
        return tuple(read_form(self.body))

    def saying(self, fields: Fields) -> "Webhook":
        """The same with another form."""
        return replace(self, body=urlencode(fields).encode())

    def all_headers(self) -> list[tuple[bytes, bytes]]:
        """With the signature, as a server hands them on: over the public address with path and query as they came."""
        signature = self.signature
        if signature is None:
            query = "?" + self.query if self.query else ""
            signature = VALIDATOR.compute_signature(f"{URL}{self.path}{query}", MultiDict(self.fields))
        return [*self.headers, (b"x-twilio-signature", signature.encode("latin-1", "replace"))]
