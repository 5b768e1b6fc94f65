"""The route table of the fake REST API, with authentication and what all resources share."""

from collections.abc import Awaitable, Callable
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ivr.simulator.exchanges import Observed
from ivr.simulator.twilio_api import calls, messages, numbers, recordings
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import API_VERSION
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twilio_api.resources.message import PENDING_STATUSES, MessageResource
from ivr.simulator.twilio_api.resources.queue import QueueResource
from ivr.simulator.twilio_api.responses import error_response, not_found

QUEUE_NOT_EMPTY = 22001

Handler = Callable[[TwilioAccount, Request], Awaitable[Response]]


def rest_api(account: TwilioAccount) -> Starlette:
    """Return the REST API of an account as an application."""
    handlers: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "Messages.json", messages.create),
        ("GET", "Messages.json", messages.list_page),
        ("GET", "Messages/{sid}.json", messages.fetch),
        ("POST", "Calls.json", calls.create),
        ("GET", "Calls/{sid}.json", calls.fetch),
        ("POST", "Calls/{sid}.json", calls.update),
        ("GET", "Recordings.json", recordings.list_page),
        ("GET", "Recordings/{sid}.json", recordings.fetch),
        ("GET", "Recordings/{sid}.wav", recordings.fetch_audio),
        ("GET", "Recordings/{sid}.mp3", recordings.fetch_audio),
        ("GET", "Queues/{sid}.json", fetch_queue),
        ("GET", "IncomingPhoneNumbers.json", numbers.list_incoming),
        ("GET", "OutgoingCallerIds.json", numbers.list_caller_ids),
        ("DELETE", "{kind}/{sid}.json", delete),
    )
    base = f"/{API_VERSION}/Accounts/{{account}}"
    paths = [("GET", f"{base}.json", fetch_account), *((verb, f"{base}/{path}", one) for verb, path, one in handlers)]
    return Starlette(
        routes=[Route(path, authorized(account, one), methods=[verb]) for verb, path, one in paths],
        middleware=[Middleware(Observed, observe=lambda exchange: account.observe(exchange))],
    )


def authorized(account: TwilioAccount, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that logs the request, checks the credentials and the account, and calls the handler.

    Its answers have the time of the account's clock.
    """

    async def endpoint(request: Request) -> Response:
        account.requests.append(f"{request.method} {request.url.path}")
        response = await answer(request)
        response.headers["Date"] = format_datetime(account.clock().astimezone(UTC), usegmt=True)
        return response

    async def answer(request: Request) -> Response:
        if not account.is_authorized(request.headers.get("Authorization", "")):
            return error_response(401, 20003)
        if request.path_params["account"] != account.sid:
            return not_found()
        return await handler(account, request)

    return endpoint


async def fetch_account(account: TwilioAccount, request: Request) -> Response:
    """Return the account itself."""
    return JSONResponse({"sid": account.sid, "status": account.status})


async def fetch_queue(account: TwilioAccount, request: Request) -> Response:
    """Return one queue."""
    sid = request.path_params["sid"]
    queue = next((queue for queue in account.queues if queue.sid == sid), None)
    return JSONResponse(queue.as_json(account.sid)) if queue else not_found()


async def delete(account: TwilioAccount, request: Request) -> Response:
    """Delete a resource; a queue must be empty, a message or call must have ended."""
    kind, sid = request.path_params["kind"], request.path_params["sid"]
    kinds: dict[str, list[Any]] = {
        "Messages": account.messages,
        "Calls": account.calls,
        "Recordings": account.recordings,
        "Queues": account.queues,
    }
    resources = kinds.get(kind, [])
    found = next((one for one in resources if one.sid == sid), account.inbound.get(sid))
    if found is None and f"{kind}/{sid}" not in account.deletable:
        return not_found()
    if isinstance(found, QueueResource) and found.members:
        return error_response(400, QUEUE_NOT_EMPTY)
    if _is_in_progress(found):
        return error_response(409, 20009)
    resources[:] = [one for one in resources if one is not found]
    account.inbound.pop(sid, None)
    account.deletable.discard(f"{kind}/{sid}")
    return Response(status_code=204)


def _is_in_progress(resource: object) -> bool:
    if isinstance(resource, MessageResource):
        return resource.status in PENDING_STATUSES
    return isinstance(resource, CallResource) and not resource.has_ended
