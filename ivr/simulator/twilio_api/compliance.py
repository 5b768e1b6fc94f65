"""Requests for what Twilio has to approve: customer profiles (Trust Hub) and regulatory bundles."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.lists import meta_page
from ivr.simulator.twilio_api.responses import not_found


async def list_profiles(account: TwilioAccount, request: Request) -> Response:
    """Return a page of customer profiles."""
    base = str(request.base_url).rstrip("/")
    return meta_page(request, "results", [one.as_profile(account.sid, base) for one in account.profiles])


async def fetch_bundle(account: TwilioAccount, request: Request) -> Response:
    """Return one bundle."""
    bundle = next((one for one in account.bundles if one.sid == request.path_params["sid"]), None)
    base = str(request.base_url).rstrip("/")
    return JSONResponse(bundle.as_bundle(account.sid, base)) if bundle else not_found()
