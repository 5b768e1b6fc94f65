"""What the telephone company's office answers, and the ways in which that can go wrong."""

from typing import Any

from httpx2 import RemoteProtocolError
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from ivr.phone.office_manner import Answer, Manner


def answer(manner: Manner, done: dict[str, Any], status: int = 201) -> Response:
    """The answer to something that was asked for and done."""
    match manner.answer:
        case Answer.proper:
            return JSONResponse(done, status)
        case Answer.cut:
            return DeadLine()
        case Answer.broken:
            return error(500, 20500)
        case Answer.nonsense:
            return PlainTextResponse("<html>It works!</html>")
        case Answer.page:
            return PlainTextResponse("<html>Service unavailable</html>", 503)
        case Answer.refusal:
            return error(manner.status, manner.code, manner.retry_after)


def error(status: int, code: int | None, retry_after: int | None = None) -> Response:
    """A refusal in Twilio's form (https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions)."""
    body = {"code": code, "message": "", "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}
    return JSONResponse(body, status, {"Retry-After": str(retry_after)} if retry_after is not None else None)


class DeadLine(Response):
    """No answer at all: begun, so that no server puts one of its own in its place, and broken off."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Break off; whoever asks in-process is told in the words that a broken line would have."""
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise RemoteProtocolError("the line was cut")
