"""A document goes out just as Starlette would send it."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import ASGIApp, Message

from ivr.web.twiml_response import TwimlResponse


async def sent(app: ASGIApp) -> list[Message]:
    """What an application sends for a key press."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app({"type": "http", "method": "POST"}, receive, send)
    return messages


@given(st.binary(max_size=20_000))
async def test_a_document_is_sent_as_starlette_sends_it(document: bytes) -> None:
    assert await sent(TwimlResponse(document)) == await sent(Response(document, media_type="text/xml"))
