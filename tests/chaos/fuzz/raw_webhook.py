"""A webhook request down to the byte, so that mutations can make it malformed."""

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
class RawWebhook:
    """A request whose body arrives in `chunks` pieces; it is signed correctly unless `signature` is given."""

    path: str
    query: str = ""
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = (FORM,)
    method: str = "POST"
    signature: str | None = None
    chunks: int = 1

    @property
    def is_signed(self) -> bool:
        """Whether the signature is valid."""
        return self.signature is None

    @property
    def fields(self) -> Fields:
        """The fields of the form in the body."""
        return tuple(read_form(self.body))

    def with_fields(self, fields: Fields) -> "RawWebhook":
        """Return a copy with another form."""
        return replace(self, body=urlencode(fields).encode())

    def headers_with_signature(self) -> list[tuple[bytes, bytes]]:
        """Return the headers with a signature for the public URL."""
        signature = self.signature
        if signature is None:
            query = "?" + self.query if self.query else ""
            signature = VALIDATOR.compute_signature(f"{URL}{self.path}{query}", MultiDict(self.fields))
        return [*self.headers, (b"x-twilio-signature", signature.encode("latin-1", "replace"))]
