"""The constant of the baseline behind our signature check: the least work with which a webhook can be answered."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Scope

from ivr.telephony.signature import Signature
from ivr.web.signature_check import Form, SignatureCheck
from ivr.web.voice import TwimlResponse
from tests.bench.servers.bare_starlette import CONSTANT
from tests.bench.twilio_requests import AUTH_TOKEN, PUBLIC_URL


async def answer(scope: Scope, form: Form) -> TwimlResponse:
    """Return the constant."""
    return TwimlResponse(CONSTANT)


checked = SignatureCheck(Signature(PUBLIC_URL, AUTH_TOKEN), answer)
app = Starlette(routes=[Route("/voice/{flow}/{step}", checked, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, proxy_headers=False, log_level="warning")
