"""The application of the staff pages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ivr.console.guard import Guarded
from ivr.console.page import Page
from ivr.console.pages import PAGES
from ivr.console.security_headers import SecurityHeaders
from ivr.console.services import Services

STATIC = Path(__file__).parent / "static"


def build(services: Services) -> Starlette:
    """Return the application, which closes the store in the end."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        watching = asyncio.create_task(services.faults.watch(stop))
        try:
            yield
        finally:
            stop.set()
            watching.cancel()
            await asyncio.wait([watching])
            if services.ringing:
                await services.ringing.finish()
            await services.store.close()

    app = Starlette(
        routes=[
            *(Route(path, SecurityHeaders(Guarded(services, pages))) for path, pages in by_path().items()),
            Mount("/console/static", SecurityHeaders(StaticFiles(directory=STATIC))),
            Route("/console/", _without_slash),
        ],
        exception_handlers={404: _not_found},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def by_path() -> dict[str, dict[str, Page]]:
    """Return the pages by path and method."""
    found: dict[str, dict[str, Page]] = {}
    for page in PAGES:
        found.setdefault(page.path, {})[page.method] = page
    return found


async def _without_slash(request: Request) -> Response:
    return RedirectResponse("/console")


async def _not_found(request: Request, error: Exception) -> Response:
    return PlainTextResponse("There is no such page. Today is at /console", 404)
