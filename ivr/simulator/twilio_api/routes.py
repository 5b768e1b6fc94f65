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
from ivr.simulator.twilio_api import calls, compliance, messages, monitor, numbers, recordings
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import API_VERSION
from ivr.simulator.twilio_api.lists import page
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twilio_api.resources.message import PENDING_STATUSES, MessageResource
from ivr.simulator.twilio_api.resources.queue import QueueResource
from ivr.simulator.twilio_api.responses import error_response, not_found
from ivr.simulator.twilio_api.serverless import files
from ivr.simulator.twilio_api.serverless.routes import SERVERLESS

QUEUE_NOT_EMPTY = 22001
SUBRESOURCES = ("calls", "incoming_phone_numbers", "messages", "notifications", "outgoing_caller_ids", "recordings")

Handler = Callable[[TwilioAccount, Request], Awaitable[Response]]


def rest_api(account: TwilioAccount) -> Starlette:
    """Return the REST API of an account as an application."""
    handlers: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "Messages.json", messages.create),
        ("GET", "Messages.json", messages.list_page),
        ("GET", "Messages/{sid}.json", messages.fetch),
        ("POST", "Calls.json", calls.create),
        ("GET", "Calls.json", calls.list_page),
        ("GET", "Calls/{sid}.json", calls.fetch),
        ("POST", "Calls/{sid}.json", calls.update),
        ("GET", "Recordings.json", recordings.list_page),
        ("GET", "Recordings/{sid}.json", recordings.fetch),
        ("GET", "Recordings/{sid}.wav", recordings.fetch_audio),
        ("GET", "Recordings/{sid}.mp3", recordings.fetch_audio),
        ("GET", "Queues.json", list_queues),
        ("GET", "Queues/{sid}.json", fetch_queue),
        ("GET", "Balance.json", fetch_balance),
        ("GET", "Notifications.json", monitor.list_notifications),
        ("GET", "IncomingPhoneNumbers.json", numbers.list_incoming),
        ("GET", "IncomingPhoneNumbers/{sid}.json", numbers.fetch_incoming),
        ("POST", "IncomingPhoneNumbers/{sid}.json", numbers.update_incoming),
        ("GET", "OutgoingCallerIds.json", numbers.list_caller_ids),
        ("DELETE", "{kind}/{sid}.json", delete),
    )
    base = f"/{API_VERSION}/Accounts/{{account}}"
    paths = [
        ("GET", f"{base}.json", fetch_account),
        *((verb, f"{base}/{path}", one) for verb, path, one in handlers),
        *OTHER_PRODUCTS,
    ]
    return Starlette(
        routes=[
            *(Route(path, authorized(account, one), methods=[verb]) for verb, path, one in paths),
            Route("/{path:path}", open_to_all(account, files.fetch), methods=["GET"]),
        ],
        middleware=[Middleware(Observed, observe=lambda exchange: account.observe(exchange))],
    )


OTHER_PRODUCTS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/v1/Alerts", monitor.list_alerts),
    ("GET", "/v1/CustomerProfiles", compliance.list_profiles),
    ("GET", "/v2/RegulatoryCompliance/Bundles/{sid}", compliance.fetch_bundle),
    *SERVERLESS,
)
"""What Twilio answers at hosts of their own, such as serverless.twilio.com; here all is at one."""


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
        if request.path_params.get("account", account.sid) != account.sid:
            return not_found()
        return await handler(account, request)

    return endpoint


def open_to_all(account: TwilioAccount, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that asks for no password."""

    async def endpoint(request: Request) -> Response:
        return await handler(account, request)

    return endpoint


async def fetch_account(account: TwilioAccount, request: Request) -> Response:
    """Return the account itself."""
    base = f"/{API_VERSION}/Accounts/{account.sid}"
    return JSONResponse(
        {
            "auth_token": account.token,
            "date_created": format_datetime(account.date_created),
            "date_updated": format_datetime(account.date_created),
            "friendly_name": "Helpline",
            "owner_account_sid": account.owner_sid,
            "sid": account.sid,
            "status": account.status,
            "subresource_uris": {name: f"{base}/{name.title().replace('_', '')}.json" for name in SUBRESOURCES},
            "type": account.type,
            "uri": f"{base}.json",
        }
    )


async def fetch_balance(account: TwilioAccount, request: Request) -> Response:
    """Return what is left on the account."""
    balance = {"account_sid": account.sid, "balance": account.balance, "currency": account.currency}
    return JSONResponse(balance)


async def list_queues(account: TwilioAccount, request: Request) -> Response:
    """Return a page of queues."""
    return page(request, "queues", [queue.as_json(account.sid) for queue in account.queues])


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
    if kind == "Messages" and any(one.sid == sid for one in account.received):
        resources = account.received
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
