"""The files that are on the air, each at the domain of its environment.

https://www.twilio.com/docs/serverless/functions-assets/visibility
"""

from starlette.requests import Request
from starlette.responses import Response

from ivr.simulator.twilio_api.account import TwilioAccount


async def fetch(account: TwilioAccount, request: Request) -> Response:
    """Return a file that is on the air at the domain of the request; a protected one needs Twilio's signature."""
    here = [one for it in account.services for one in it.environments if one.domain == request.url.netloc]
    version = next((found for one in reversed(here) if (found := one.version_at(request.url.path))), None)
    if version is None or version.visibility == "private":
        return Response("Not found", 404)
    signature = request.headers.get("X-Twilio-Signature", "")
    if version.visibility == "protected" and not account.signed(str(request.url), signature):
        return Response("Unauthorized - you are not authorized to access this resource", 403)
    return Response(version.content, media_type=version.media_type)
