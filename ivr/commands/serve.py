"""`ivr serve`: the web process, or several."""

import asyncio
import gc
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr import log
from ivr.commands.database_source import database_source
from ivr.commands.options import PORT, ServedFolder, source

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from ivr.config import Settings


def serve(
    folder: ServedFolder,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, PORT] = 8000,
    processes: Annotated[int, typer.Option(min=1, help="How many web processes, to use as many cores.")] = 1,
    worker: Annotated[bool, typer.Option(help="Run the worker in each process too, for one machine.")] = True,
) -> None:
    """Serve webhooks, and run the worker, until stopped.

    Examples: `ivr serve`, `PORT=5000 ivr serve --host 0.0.0.0 --no-worker`, `ivr serve --processes 2`,
    `IVR_DEV=1 ivr serve`.
    """
    gc.disable()  # imports leave no garbage: collecting takes a sixth of the start (web/server.py enables it)
    from ivr.commands.listening import listening_socket
    from ivr.config import LOCALHOST, read_settings
    from ivr.errors import SettingsError
    from ivr.web.server import run

    settings = read_settings(content=folder)
    if settings.dev and host not in LOCALHOST:
        raise SettingsError(
            f"IVR_DEV takes anybody's word, and --host {host} lets anybody in: it is for 127.0.0.1 only"
        )
    listening_socket(host, port).close()  # a port that is taken is told before anything is loaded
    log.begin()
    log.LOGGER.info(source(folder))
    log.LOGGER.info(database_source(settings))
    asyncio.run(_refuse_newer_schema(settings))
    build = partial(application, folder, worker=worker)
    if processes > 1:
        build()  # what is wrong is told here, once
    run(build, host, port, processes)


def application(folder: Path, *, worker: bool) -> "ASGIApp":
    """Return the application of the settings and a content folder, ready to be served."""
    from ivr.app import build
    from ivr.config import read_settings
    from ivr.content_source import ContentSource

    settings = read_settings(content=folder)
    content = ContentSource(folder)
    phone = None
    if settings.dev:
        from ivr.commands.browser_helpline import browser_telephone

        phone = browser_telephone(folder, settings.clock)
    background = None
    if worker and (settings.can_text or settings.can_ring):
        from ivr.wiring import run_worker

        background = partial(run_worker, settings, content)
    return build(settings, background=background, content=content, phone=phone)


async def _refuse_newer_schema(settings: "Settings") -> None:
    from ivr.wiring import build_store

    async with build_store(settings) as store:
        await store.refuse_newer_schema()
