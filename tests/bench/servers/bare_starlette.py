"""The baseline: a Starlette route that returns a constant."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

CONSTANT = b'<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello.</Say></Response>'


async def answer(request: Request) -> Response:
    """Return the constant."""
    return Response(CONSTANT, media_type="text/xml")


app = Starlette(
    routes=[Route("/voice", answer, methods=["POST"]), Route("/voice/{flow}/{step}", answer, methods=["POST"])]
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, proxy_headers=False, log_level="warning")
