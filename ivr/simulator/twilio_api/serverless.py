"""Requests to the Serverless API, and to the domains at which it puts files on the air.

https://www.twilio.com/docs/serverless/api. Which error codes Twilio answers where something is still in use is not
written there: this fake answers 400 with the general code 20001.
"""

from collections.abc import Awaitable, Callable, Sequence
from email.parser import BytesParser
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import new_sid
from ivr.simulator.twilio_api.lists import meta_page
from ivr.simulator.twilio_api.resources.serverless import (
    AssetResource,
    AssetVersionResource,
    BuildResource,
    EnvironmentResource,
    ServerlessJson,
    ServiceResource,
)
from ivr.simulator.twilio_api.responses import error_response, not_found, respond

VISIBILITIES = ("public", "protected", "private")
IN_USE = INVALID = 20001
LONGEST_NAME = 50


class Resource(Protocol):
    """Whatever has a SID."""

    sid: str


Kind = TypeVar("Kind", bound=Resource)
Inside = Callable[[TwilioAccount, Request, ServiceResource, ServerlessJson], Awaitable[Response]]


def of_service(handler: Inside) -> Callable[[TwilioAccount, Request], Awaitable[Response]]:
    """Return a handler of requests for something in a service, which is named by its SID or its unique name."""

    async def handle(account: TwilioAccount, request: Request) -> Response:
        name = request.path_params["service"]
        service = next((one for one in account.services if name in (one.sid, one.name)), None)
        return await handler(account, request, service, _json(account, request, service)) if service else not_found()

    return handle


async def create_service(account: TwilioAccount, request: Request) -> Response:
    """Create a service."""
    form = await _form(request)
    name, friendly = form.get("UniqueName", [""])[0], form.get("FriendlyName", [""])[0]
    if not friendly or not 0 < len(name) <= LONGEST_NAME or any(one.name == name for one in account.services):
        return error_response(400, INVALID)
    service = ServiceResource(name, friendly, account.clock())
    service.include_credentials = form.get("IncludeCredentials", ["true"])[0] == "true"
    service.ui_editable = form.get("UiEditable", ["false"])[0] == "true"
    account.services.append(service)
    return respond(account.next_fault("Services"), _json(account, request, service).service())


async def list_services(account: TwilioAccount, request: Request) -> Response:
    """Return a page of services."""
    return meta_page(request, "services", [_json(account, request, one).service() for one in account.services])


@of_service
async def fetch_service(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Return one service."""
    return JSONResponse(shown.service())


@of_service
async def delete_service(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Delete a service and all in it."""
    account.services.remove(service)
    return Response(status_code=204)


@of_service
async def create_environment(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Create an environment: one alone may have no suffix."""
    form = await _form(request)
    name, suffix = form.get("UniqueName", [""])[0], form.get("DomainSuffix", [""])[0] or None
    if not name or any(name == one.name or suffix == one.suffix for one in service.environments):
        return error_response(400, INVALID)
    domain = account.served_at or "-".join(filter(None, (service.domain_base, suffix))) + ".twil.io"
    service.environments.append(EnvironmentResource(name, suffix, domain, account.clock()))
    return JSONResponse(shown.environment(service.environments[-1]), 201)


@of_service
async def list_environments(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Return a page of environments."""
    return meta_page(request, "environments", list(map(shown.environment, service.environments)))


@of_service
async def delete_environment(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Delete an environment: its domain answers no more."""
    return _delete(service.environments, request)


@of_service
async def create_asset(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Create an asset, which has no version yet."""
    name = (await _form(request)).get("FriendlyName", [""])[0]
    if not name:
        return error_response(400, INVALID)
    service.assets.append(AssetResource(name, account.clock()))
    return JSONResponse(shown.asset(service.assets[-1]), 201)


@of_service
async def list_assets(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Return a page of assets."""
    return meta_page(request, "assets", list(map(shown.asset, service.assets)))


@of_service
async def delete_asset(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Delete an asset with its versions, unless a build has one of them."""
    asset = _find(service.assets, request)
    if asset and any(version in build.versions for build in service.builds for version in asset.versions):
        return error_response(400, IN_USE)
    return _delete(service.assets, request)


@of_service
async def create_version(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Upload a version of an asset, as a form with a file."""
    asset = _find(service.assets, request)
    if asset is None:
        return not_found()
    parts = _parts(request.headers.get("content-type", ""), await request.body())
    path, visibility = (parts.get(name, (b"", ""))[0].decode() for name in ("Path", "Visibility"))
    if visibility not in VISIBILITIES or not path or "Content" not in parts:
        return error_response(400, INVALID)
    version = AssetVersionResource("/" + path.lstrip("/"), visibility, *parts["Content"], account.clock())
    fault = account.next_fault("Versions")
    if fault.accepted:
        asset.versions.append(version)
    return respond(fault, shown.version(asset, version))


@of_service
async def list_versions(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Return a page of the versions of an asset."""
    asset = _find(service.assets, request)
    if asset is None:
        return not_found()
    return meta_page(request, "asset_versions", [shown.version(asset, one) for one in asset.versions])


@of_service
async def create_build(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Begin to build from at least one version."""
    wanted = (await _form(request)).get("AssetVersions", [])
    versions = [one for asset in service.assets for one in asset.versions if one.sid in wanted]
    if not versions or len(versions) < len(wanted):
        return error_response(400, INVALID)
    service.builds.append(BuildResource(versions, account.clock(), *account.building))
    return JSONResponse(shown.build(service.builds[-1]), 201)


@of_service
async def list_builds(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Return a page of builds."""
    return meta_page(request, "builds", list(map(shown.build, service.builds)))


@of_service
async def fetch_build_status(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Return how a build is getting on."""
    build = _find(service.builds, request)
    if build is None:
        return not_found()
    answer = JSONResponse(shown.build_status(build))
    build.looks = max(build.looks - 1, 0)
    return answer


@of_service
async def delete_build(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Delete a build that is on the air nowhere."""
    if any(one.build and one.build.sid == request.path_params["sid"] for one in service.environments):
        return error_response(400, IN_USE)
    return _delete(service.builds, request)


@of_service
async def create_deployment(
    account: TwilioAccount, request: Request, service: ServiceResource, shown: ServerlessJson
) -> Response:
    """Put a build that is completed on the air."""
    wanted = (await _form(request)).get("BuildSid", [""])[0]
    environment = _find(service.environments, request)
    build = next((one for one in service.builds if one.sid == wanted), None)
    if environment is None or build is None:
        return not_found()
    if build.status != "completed":
        return error_response(400, INVALID)
    fault = account.next_fault("Deployments")
    if fault.accepted:
        environment.before, environment.build, environment.stale = environment.build, build, account.stale_reads
    return respond(fault, shown.deployment(environment, new_sid("ZD"), build.sid, account.clock()))


async def fetch_file(account: TwilioAccount, request: Request) -> Response:
    """Return a file that is on the air at the domain of the request; a protected one needs Twilio's signature."""
    here = [one for it in account.services for one in it.environments if one.domain == request.url.netloc]
    version = next((found for one in reversed(here) if (found := one.version_at(request.url.path))), None)
    if version is None or version.visibility == "private":
        return Response("Not found", 404)
    signature = request.headers.get("X-Twilio-Signature", "")
    if version.visibility == "protected" and not account.signed(str(request.url), signature):
        return Response("Unauthorized - you are not authorized to access this resource", 403)
    return Response(version.content, media_type=version.media_type)


def _json(account: TwilioAccount, request: Request, service: ServiceResource) -> ServerlessJson:
    return ServerlessJson(service, account.sid, str(request.base_url).rstrip("/"))


async def _form(request: Request) -> dict[str, list[str]]:
    return parse_qs((await request.body()).decode(), keep_blank_values=True)


def _find(resources: Sequence[Kind], request: Request) -> Kind | None:
    return next((one for one in resources if one.sid == request.path_params["sid"]), None)


def _delete(resources: list[Any], request: Request) -> Response:
    found = _find(resources, request)
    if found is None:
        return not_found()
    resources.remove(found)
    return Response(status_code=204)


def _parts(media_type: str, body: bytes) -> dict[str, tuple[bytes, str]]:
    """Return the parts of a multipart form by their names: what is in them, and of what media type it is."""
    message = BytesParser().parsebytes(f"Content-Type: {media_type}\r\n\r\n".encode() + body)
    parts = dict[str, tuple[bytes, str]]()
    for part in message.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            name = str(part.get_param("name", header="content-disposition"))
            parts[name] = content, part.get_content_type()
    return parts
