"""Requests for assets and their versions.

https://www.twilio.com/docs/serverless/api/resource/asset and …/asset-version
"""

from email.parser import BytesParser

from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.resources.serverless import AssetResource, AssetVersionResource
from ivr.simulator.twilio_api.responses import not_found, respond
from ivr.simulator.twilio_api.serverless.service_request import ServiceRequest, invalid

VISIBILITIES = ("public", "protected", "private")


async def create(asked: ServiceRequest) -> Response:
    """Create an asset, which has no version yet."""
    name = (await asked.form()).get("FriendlyName", "")
    if not name:
        return invalid()
    asset = AssetResource(name, asked.account.clock())
    asked.service.assets.append(asset)
    return JSONResponse(asked.shown.asset(asset), 201)


async def list_page(asked: ServiceRequest) -> Response:
    """Return a page of assets."""
    return asked.page("assets", list(map(asked.shown.asset, asked.service.assets)))


async def delete(asked: ServiceRequest) -> Response:
    """Delete an asset with its versions, unless a build has one of them."""
    asset, builds = asked.find(asked.service.assets), asked.service.builds
    if asset and any(version in build.versions for build in builds for version in asset.versions):
        return invalid()
    return asked.delete(asked.service.assets)


async def create_version(asked: ServiceRequest) -> Response:
    """Upload a version of an asset, as a form with a file."""
    asset = asked.find(asked.service.assets)
    if asset is None:
        return not_found()
    parts = _parts(asked.request.headers.get("content-type", ""), await asked.request.body())
    path, visibility = (parts.get(name, (b"", ""))[0].decode() for name in ("Path", "Visibility"))
    if visibility not in VISIBILITIES or not path or "Content" not in parts:
        return invalid()
    version = AssetVersionResource("/" + path.lstrip("/"), visibility, *parts["Content"], asked.account.clock())
    fault = asked.account.next_fault("Versions")
    if fault.accepted:
        asset.versions.append(version)
    return respond(fault, asked.shown.version(asset, version))


async def list_versions(asked: ServiceRequest) -> Response:
    """Return a page of the versions of an asset."""
    asset = asked.find(asked.service.assets)
    if asset is None:
        return not_found()
    return asked.page("asset_versions", [asked.shown.version(asset, one) for one in asset.versions])


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
