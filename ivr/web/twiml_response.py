"""TwiML, sent."""

from msgspec import Struct
from starlette.types import Receive, Scope, Send

CONTENT_TYPE = b"content-type", b"text/xml; charset=utf-8"


class TwimlResponse(Struct, frozen=True):
    """The answer to nearly all that the provider asks.

    Starlette's own response works out its headers anew each time, which takes as long as reading the form.
    """

    document: bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = b"content-length", b"%d" % len(self.document)
        await send({"type": "http.response.start", "status": 200, "headers": [length, CONTENT_TYPE]})
        await send({"type": "http.response.body", "body": self.document})
