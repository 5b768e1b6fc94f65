"""`ivr serve`: the web process."""

import asyncio
import gc
from functools import partial
from typing import Annotated

import typer

from ivr import log
from ivr.commands.content_folder import ServedFolder, source
from ivr.commands.options import PORT


def serve(
    folder: ServedFolder,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, PORT] = 8000,
    worker: Annotated[bool, typer.Option(help="Run the worker in this process too, for one machine.")] = True,
) -> None:
    """Serve webhooks, and run the worker, until stopped.

    Examples: `ivr serve`, `PORT=5000 ivr serve --host 0.0.0.0 --no-worker`, `IVR_DEV=1 ivr serve`.
    """
    gc.disable()  # imports leave no garbage: collecting takes a sixth of the start (web/server.py enables it)
    from ivr.app import build
    from ivr.commands.listening import listening_socket
    from ivr.config import LOCALHOST, Settings, read_settings
    from ivr.errors import SettingsError
    from ivr.web.server import run
    from ivr.wiring import build_store

    async def refuse_newer_schema(settings: Settings) -> None:
        async with build_store(settings) as store:
            await store.refuse_newer_schema()

    settings = read_settings(content=folder)
    if settings.dev and host not in LOCALHOST:
        raise SettingsError(
            f"IVR_DEV takes anybody's word, and --host {host} lets anybody in: it is for 127.0.0.1 only"
        )
    listening_socket(host, port).close()  # a port that is taken is told before anything is loaded
    log.begin()
    log.LOGGER.info(source(folder))
    phone = None
    if settings.dev:
        from ivr.commands.browser_helpline import browser_telephone

        phone = browser_telephone(settings.content, settings.clock)
    background = None
    if worker and (settings.can_text or settings.can_ring):
        from ivr.wiring import run_worker

        background = partial(run_worker, settings)
    asyncio.run(refuse_newer_schema(settings))
    run(build(settings, background=background, phone=phone), host, port)
