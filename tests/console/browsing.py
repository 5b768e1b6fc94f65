"""A real browser at the staff pages of a real server."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from socket import socket

import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from ivr.console.app import build
from ivr.console.services import Services
from tests.simulator.browsing import PATIENCE

expect.set_options(timeout=PATIENCE)
WIDTHS = {"laptop": (1366, 768), "telephone": (390, 844)}
LOADED = "document.readyState === 'complete'"


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def serving(make: Callable[[], Awaitable[Services]], port: int = 0) -> Iterator[str]:
    """Yield the address of the pages; `make` opens their services in the thread of the server."""
    started = threading.Event()
    server: list[uvicorn.Server] = []

    async def serve() -> None:
        try:
            app = build(await make())
            server.append(uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", access_log=False)))
            serving_it = asyncio.create_task(server[0].serve())
            while not server[0].started and not serving_it.done():
                await asyncio.sleep(0.02)
            started.set()
            await serving_it
        finally:
            started.set()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    started.wait()
    port = server[0].servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://localhost:{port}"
    finally:
        server[0].should_exit = True
        thread.join()


@contextmanager
def visitor(
    browser: Browser, width: str = "laptop", may_fail: tuple[int, ...] = (), **options: object
) -> Iterator[Page]:
    """Yield a page of somebody who begins; whatever goes wrong in its scripts, or breaks the policy, fails the test.

    `may_fail` are the statuses of refusals that belong to the test: the browser tells them as errors, too.
    """
    wide, high = WIDTHS[width]
    with browser.new_context(viewport={"width": wide, "height": high}, locale="en-GB", **options) as context:  # type: ignore[arg-type]
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda said: wrong.append(said.text) if said.type == "error" and not _is_told(said) else None
        )
        yield page
        expected = [f"status of {status}" for status in may_fail]
        assert [one for one in wrong if not any(words in one for words in expected)] == []


def _is_told(said: ConsoleMessage) -> bool:
    """Return whether the browser tells of no more than a page that says what is wrong."""
    return any(f"status of {status} " in said.text for status in (410, 422, 429))


def content_width(page: Page) -> int:
    """Return how wide a page is in pixels, whatever the width of its window, once its styles are there."""
    page.wait_for_load_state("load")
    return int(page.evaluate("document.documentElement.scrollWidth"))
