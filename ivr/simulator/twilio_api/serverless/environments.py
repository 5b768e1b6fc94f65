"""Requests for environments, and to put builds on the air there.

https://www.twilio.com/docs/serverless/api/resource/environment and …/deployment.
"""

from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.identifiers import new_sid
from ivr.simulator.twilio_api.resources.serverless import EnvironmentResource
from ivr.simulator.twilio_api.responses import not_found, respond
from ivr.simulator.twilio_api.serverless.service_request import ServiceRequest, invalid


async def create(asked: ServiceRequest) -> Response:
    """Create an environment: one alone may have no suffix."""
    form, service = await asked.form(), asked.service
    name, suffix = form.get("UniqueName", ""), form.get("DomainSuffix") or None
    if not name or any(name == one.name or suffix == one.suffix for one in service.environments):
        return invalid()
    domain = asked.account.served_at or "-".join(filter(None, (service.domain_base, suffix))) + ".twil.io"
    environment = EnvironmentResource(name, suffix, domain, asked.account.clock())
    service.environments.append(environment)
    return JSONResponse(asked.shown.environment(environment), 201)


async def list_page(asked: ServiceRequest) -> Response:
    """Return a page of environments."""
    return asked.page("environments", list(map(asked.shown.environment, asked.service.environments)))


async def delete(asked: ServiceRequest) -> Response:
    """Delete an environment: its domain answers no more."""
    return asked.delete(asked.service.environments)


async def deploy(asked: ServiceRequest) -> Response:
    """Put a build that is completed on the air."""
    wanted = (await asked.form()).get("BuildSid", "")
    environment = asked.find(asked.service.environments)
    build = next((one for one in asked.service.builds if one.sid == wanted), None)
    if environment is None or build is None:
        return not_found()
    if build.status != "completed":
        return invalid()
    account = asked.account
    fault = account.next_fault("Deployments")
    if fault.accepted:
        environment.before, environment.build, environment.stale = environment.build, build, account.stale_reads
    return respond(fault, asked.shown.deployment(environment, new_sid("ZD"), build.sid, account.clock()))
