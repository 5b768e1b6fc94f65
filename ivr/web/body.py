"""Reads what was posted to us, up to a length."""

from starlette.types import Receive

LONGEST = 65_536
"""Bytes. The provider's longest form is a few thousand."""
MOST_FIELDS = 500
"""The provider's longest form has some sixty; each one more costs whoever checks the signature over it."""


async def read_body(receive: Receive) -> bytes | None:
    """The whole body, or None for one that is longer, or of more fields: we do not read on for ever."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LONGEST:
            return None
    return body if body.count(b"&") < MOST_FIELDS else None
