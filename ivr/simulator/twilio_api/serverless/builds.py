"""Requests for builds: https://www.twilio.com/docs/serverless/api/resource/build."""

from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.resources.serverless import BuildResource
from ivr.simulator.twilio_api.responses import not_found
from ivr.simulator.twilio_api.serverless.service_request import ServiceRequest, invalid


async def create(asked: ServiceRequest) -> Response:
    """Begin to build from at least one version."""
    wanted = (await asked.form()).getlist("AssetVersions")
    versions = [one for asset in asked.service.assets for one in asset.versions if one.sid in wanted]
    if not versions or len(versions) < len(wanted):
        return invalid()
    build = BuildResource(versions, asked.account.clock(), *asked.account.building)
    asked.service.builds.append(build)
    return JSONResponse(asked.shown.build(build), 201)


async def list_page(asked: ServiceRequest) -> Response:
    """Return a page of builds."""
    return asked.page("builds", list(map(asked.shown.build, asked.service.builds)))


async def fetch_status(asked: ServiceRequest) -> Response:
    """Return how a build is getting on."""
    build = asked.find(asked.service.builds)
    if build is None:
        return not_found()
    answer = JSONResponse(asked.shown.build_status(build))
    build.looks = max(build.looks - 1, 0)
    return answer


async def delete(asked: ServiceRequest) -> Response:
    """Delete a build that is on the air nowhere."""
    build = asked.find(asked.service.builds)
    if build and any(one.build is build for one in asked.service.environments):
        return invalid()
    return asked.delete(asked.service.builds)
