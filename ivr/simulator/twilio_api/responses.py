"""The HTTP responses of the fake REST API, faulty ones included."""

from typing import Any

from httpx2 import RemoteProtocolError
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from ivr.simulator.twilio_api.faults import Fault, Reply


def respond(fault: Fault, resource: dict[str, Any], status: int = 201) -> Response:
    """Return the response to a request for a resource, as the fault makes it."""
    match fault.reply:
        case Reply.OK:
            return JSONResponse(resource, status)
        case Reply.CONNECTION_LOST:
            return LostConnection()
        case Reply.SERVER_ERROR:
            return error_response(500, 20500)
        case Reply.NOT_JSON:
            return PlainTextResponse("<html>It works!</html>")
        case Reply.HTML_ERROR:
            return PlainTextResponse("<html>Service unavailable</html>", 503)
        case Reply.REJECTION:
            return error_response(fault.status, fault.code, fault.retry_after)


def error_response(status: int, code: int | None, retry_after: int | None = None) -> Response:
    """Return an error in Twilio's format.

    See https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions.
    """
    body = {"code": code, "message": "", "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}
    return JSONResponse(body, status, {"Retry-After": str(retry_after)} if retry_after is not None else None)


def not_found() -> Response:
    """Return error 20404."""
    return error_response(404, 20404)


class LostConnection(Response):
    """A response that breaks off. It has begun, so that no server sends one of its own instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half a response; raise what a client in this process would see of a broken connection."""
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise RemoteProtocolError("connection lost")
