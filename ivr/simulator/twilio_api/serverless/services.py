"""Requests for services: https://www.twilio.com/docs/serverless/api/resource/service."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.lists import meta_page
from ivr.simulator.twilio_api.resources.serverless import ServiceResource
from ivr.simulator.twilio_api.responses import respond
from ivr.simulator.twilio_api.serverless.service_request import ServiceRequest, form_of, invalid, shown

LONGEST_NAME = 50


async def create(account: TwilioAccount, request: Request) -> Response:
    """Create a service, whose name no other has."""
    form = await form_of(request)
    name, friendly = form.get("UniqueName", ""), form.get("FriendlyName", "")
    if not friendly or not 0 < len(name) <= LONGEST_NAME or any(one.name == name for one in account.services):
        return invalid()
    service = ServiceResource(name, friendly, account.clock())
    service.include_credentials = form.get("IncludeCredentials", "true") == "true"
    service.ui_editable = form.get("UiEditable", "false") == "true"
    account.services.append(service)
    return respond(account.next_fault("Services"), shown(account, request, service).service())


async def list_page(account: TwilioAccount, request: Request) -> Response:
    """Return a page of services."""
    return meta_page(request, "services", [shown(account, request, one).service() for one in account.services])


async def fetch(asked: ServiceRequest) -> Response:
    """Return one service."""
    return JSONResponse(asked.shown.service())


async def delete(asked: ServiceRequest) -> Response:
    """Delete a service and all in it."""
    asked.account.services.remove(asked.service)
    return Response(status_code=204)
