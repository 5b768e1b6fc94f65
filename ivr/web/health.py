"""Says whether the process lives, and whether it is ready for calls."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse


async def live(request: Request) -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("alive")


async def ready(request: Request) -> PlainTextResponse:
    """Flows, prompts and settings were read and found whole: the app is not built otherwise."""
    return PlainTextResponse("ready")
