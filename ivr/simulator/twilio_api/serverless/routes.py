"""The routes of the Serverless API."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.serverless import assets, builds, environments, services
from ivr.simulator.twilio_api.serverless.service_request import ServiceRequest, of_service

SERVICES = "/v1/Services"
IN_A_SERVICE: tuple[tuple[str, str, Callable[[ServiceRequest], Awaitable[Response]]], ...] = (
    ("GET", "", services.fetch),
    ("DELETE", "", services.delete),
    ("POST", "/Environments", environments.create),
    ("GET", "/Environments", environments.list_page),
    ("DELETE", "/Environments/{sid}", environments.delete),
    ("POST", "/Environments/{sid}/Deployments", environments.deploy),
    ("POST", "/Assets", assets.create),
    ("GET", "/Assets", assets.list_page),
    ("DELETE", "/Assets/{sid}", assets.delete),
    ("POST", "/Assets/{sid}/Versions", assets.create_version),
    ("GET", "/Assets/{sid}/Versions", assets.list_versions),
    ("POST", "/Builds", builds.create),
    ("GET", "/Builds", builds.list_page),
    ("GET", "/Builds/{sid}/Status", builds.fetch_status),
    ("DELETE", "/Builds/{sid}", builds.delete),
)
SERVERLESS: tuple[tuple[str, str, Callable[[TwilioAccount, Request], Awaitable[Response]]], ...] = (
    ("POST", SERVICES, services.create),
    ("GET", SERVICES, services.list_page),
    *((verb, f"{SERVICES}/{{service}}{path}", of_service(handler)) for verb, path, handler in IN_A_SERVICE),
)
