"""Requests for something in a service, which is named by its SID or its unique name."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.lists import meta_page
from ivr.simulator.twilio_api.resources.serverless import ServerlessJson, ServiceResource
from ivr.simulator.twilio_api.responses import error_response, not_found

INVALID = 20001


class Resource(Protocol):
    """Whatever has a SID."""

    sid: str


Kind = TypeVar("Kind", bound=Resource)


@dataclass(frozen=True)
class ServiceRequest:
    """A request to an account, for something in a service of it."""

    account: TwilioAccount
    request: Request
    service: ServiceResource

    @property
    def shown(self) -> ServerlessJson:
        """What shows the resources of the service as the API does."""
        return shown(self.account, self.request, self.service)

    async def form(self) -> ImmutableMultiDict[str, str]:
        """Return the fields of the request; some stand in it several times."""
        return await form_of(self.request)

    def find(self, resources: Sequence[Kind]) -> Kind | None:
        """Return the resource that the address names."""
        return next((one for one in resources if one.sid == self.request.path_params["sid"]), None)

    def page(self, name: str, found: Sequence[dict[str, Any]]) -> Response:
        """Return the page that is asked for of resources, as the API shows them."""
        return meta_page(self.request, name, found)

    def delete(self, resources: list[Kind]) -> Response:
        """Delete the resource that the address names."""
        found = self.find(resources)
        if found is None:
            return not_found()
        resources.remove(found)
        return Response(status_code=204)


def of_service(
    handler: Callable[[ServiceRequest], Awaitable[Response]],
) -> Callable[[TwilioAccount, Request], Awaitable[Response]]:
    """Return what looks the service up before a request is handled."""

    async def handle(account: TwilioAccount, request: Request) -> Response:
        name = request.path_params["service"]
        service = next((one for one in account.services if name in (one.sid, one.name)), None)
        return await handler(ServiceRequest(account, request, service)) if service else not_found()

    return handle


def shown(account: TwilioAccount, request: Request, service: ServiceResource) -> ServerlessJson:
    """Return what shows a service as the API does, at the address at which it was asked for."""
    return ServerlessJson(service, account.sid, str(request.base_url).rstrip("/"))


async def form_of(request: Request) -> ImmutableMultiDict[str, str]:
    """Return the fields of a request."""
    return ImmutableMultiDict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def invalid() -> Response:
    """Return the error of what cannot be done: a parameter is missing or wrong, or something is still in use."""
    return error_response(400, INVALID)
