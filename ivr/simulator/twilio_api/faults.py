"""Faults that can be injected into the fake REST API."""

from dataclasses import dataclass
from enum import Enum, auto


class Reply(Enum):
    """The kind of HTTP response that the client gets."""

    OK = auto()
    """The resource, as JSON."""
    CONNECTION_LOST = auto()
    """None: the connection breaks off."""
    SERVER_ERROR = auto()
    """Status 500 and a Twilio error."""
    NOT_JSON = auto()
    """Status 200 and a body that is not JSON."""
    HTML_ERROR = auto()
    """Status 503 and the page of a gateway in front of the API."""
    REJECTION = auto()
    """A Twilio error with `status`, `code` and `retry_after` of the fault."""


@dataclass(frozen=True)
class Fault:
    """How one request is treated: whether it takes effect, what is replied, and which status callbacks follow.

    An `accepted` request takes effect before the reply, which comes `delay` seconds later. A message passes through
    `statuses`, each reported `status_interval` seconds after the one before; `error_code` goes with `undelivered` and
    `failed`. A resource that is not `listed` cannot be found through the API afterwards.
    """

    reply: Reply = Reply.OK
    accepted: bool = True
    delay: float = 0
    statuses: tuple[str, ...] = ("sent", "delivered")
    status_interval: float = 0
    error_code: int | None = None
    listed: bool = True
    status: int = 400
    code: int | None = None
    retry_after: int | None = None


NO_FAULT = Fault()
CONNECTION_LOST = Fault(Reply.CONNECTION_LOST)
CONNECTION_LOST_BEFORE = Fault(Reply.CONNECTION_LOST, accepted=False)
SERVER_ERROR = Fault(Reply.SERVER_ERROR)
NOT_JSON = Fault(Reply.NOT_JSON)
GATEWAY_ERROR = Fault(Reply.HTML_ERROR)
LOST = Fault(Reply.CONNECTION_LOST, statuses=(), listed=False)
"""The request takes effect, and neither a reply, nor a callback, nor the API ever tells so."""


def rejection(code: int, status: int = 400, retry_after: int | None = None) -> Fault:
    """Return a fault that rejects the request with one of Twilio's error codes."""
    return Fault(Reply.REJECTION, accepted=False, status=status, code=code, retry_after=retry_after)
