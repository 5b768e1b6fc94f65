"""Liveness and readiness checks."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse


async def live(request: Request) -> PlainTextResponse:
    """Answer that the process runs."""
    return PlainTextResponse("alive")


async def ready(request: Request) -> PlainTextResponse:
    """Answer that it is ready: the app is not built unless flows, prompts and settings are valid."""
    return PlainTextResponse("ready")
