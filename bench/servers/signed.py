"""The bare route behind our own door: the form is read and its signature checked, and nothing else is done.

No key press can be answered with less, whoever answers it.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Scope

from bench.servers.bare import CONSTANT
from bench.webhooks import PUBLIC_URL, TOKEN
from ivr.telephony.signature import Signature
from ivr.web.signed import Form, Signed
from ivr.web.twiml import Twiml


async def answer(scope: Scope, form: Form) -> Twiml:
    """Always the same."""
    return Twiml(CONSTANT)


app = Starlette(routes=[Route("/voice/{flow}/{step}", Signed(Signature(PUBLIC_URL, TOKEN), answer), methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, proxy_headers=False, log_level="warning")
