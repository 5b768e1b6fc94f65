"""Sends raw webhooks to an ASGI application in-process, without a server."""

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive

from tests.chaos.fuzz.raw_webhook import RawWebhook


@dataclass(frozen=True)
class AsgiResponse:
    """A response; `error` is the exception that the application raised instead."""

    status: int
    content_type: str
    body: bytes
    error: str = ""


@dataclass
class AsgiClient:
    """A client of one application."""

    app: ASGIApp

    async def send(self, webhook: RawWebhook) -> AsgiResponse:
        """Send a webhook and return the whole response."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        try:
            await self.app(_scope(webhook), _chunks(webhook), collect)
        except Exception as error:
            return AsgiResponse(500, "", b"", f"{type(error).__name__}: {error}")
        start, *rest = messages
        content_type = next((value.decode() for name, value in start["headers"] if name == b"content-type"), "")
        return AsgiResponse(start["status"], content_type, b"".join(part.get("body", b"") for part in rest))


def _scope(webhook: RawWebhook) -> dict[str, object]:
    raw = webhook.path.encode("utf-8", "surrogatepass")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": webhook.method,
        "scheme": "http",
        "path": unquote_to_bytes(raw).decode("utf-8", "replace"),
        "raw_path": raw,
        "query_string": webhook.query.encode("latin-1", "replace"),
        "root_path": "",
        "headers": webhook.headers_with_signature(),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def _chunks(webhook: RawWebhook) -> Receive:
    size = max(1, -(-len(webhook.body) // webhook.chunks))
    parts = [webhook.body[at : at + size] for at in range(0, len(webhook.body), size)] or [b""]
    messages = [
        {"type": "http.request", "body": part, "more_body": place < len(parts)} for place, part in enumerate(parts, 1)
    ]

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    return receive
