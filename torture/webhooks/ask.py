"""Asks the application in-process, as a server would, without a server."""

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive

from torture.webhooks.webhook import Webhook

TYPE = b"content-type"


@dataclass(frozen=True)
class Answer:
    """What came back; `error` when nothing did."""

    status: int
    kind: str
    body: bytes
    error: str = ""


@dataclass
class Asker:
    """A way to one application."""

    app: ASGIApp

    async def asks(self, webhook: Webhook) -> Answer:
        """The whole answer, or how the application failed."""
        got: list[Message] = []

        async def send(message: Message) -> None:
            got.append(message)

        try:
            await self.app(_scope(webhook), _pieces(webhook), send)
        except Exception as error:
            return Answer(500, "", b"", f"{type(error).__name__}: {error}")
        start, *rest = got
        kind = next((value.decode() for name, value in start["headers"] if name == TYPE), "")
        return Answer(start["status"], kind, b"".join(part.get("body", b"") for part in rest))


def _scope(webhook: Webhook) -> dict[str, object]:
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
        "headers": webhook.all_headers(),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def _pieces(webhook: Webhook) -> Receive:
    size = max(1, -(-len(webhook.body) // webhook.pieces))
    parts = [webhook.body[at : at + size] for at in range(0, len(webhook.body), size)] or [b""]
    messages = [
        {"type": "http.request", "body": part, "more_body": place < len(parts)} for place, part in enumerate(parts, 1)
    ]

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    return receive
