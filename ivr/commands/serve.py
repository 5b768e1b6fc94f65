"""`ivr serve`: the web process, or several."""

import asyncio
import gc
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr import log
from ivr.commands.options import PORT, ServedFolder

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from ivr.commands.start_summary import FirstLook


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
    from ivr.commands.start_summary import first_look
    from ivr.config import LOCALHOST, settings_to_run_with
    from ivr.errors import SettingsError
    from ivr.web.server import run

    settings, wrong = settings_to_run_with(content=folder)
    if settings.dev and host not in LOCALHOST:
        raise SettingsError(
            f"IVR_DEV takes anybody's word, and --host {host} lets anybody in: it is for 127.0.0.1 only"
        )
    listening_socket(host, port).close()  # a port that is taken is told before anything is loaded
    log.begin(settings.log_format)
    for line in wrong:
        log.LOGGER.error(line)
    look = asyncio.run(first_look(settings))
    build = partial(application, folder, worker=worker)
    telling = partial(build, look=look)
    if processes > 1:
        telling()  # what there is to tell is told here, once
    run(build if processes > 1 else telling, host, port, processes, log_format=settings.log_format)


def application(folder: Path, *, worker: bool, look: "FirstLook | None" = None) -> "ASGIApp":
    """Return the application of the settings and a content folder, ready to be served.

    With a first look at the database, the summary is logged.
    """
    from ivr.app import build
    from ivr.commands.start_summary import start_summary, worker_line
    from ivr.config import settings_to_run_with
    from ivr.content_source import ContentSource
    from ivr.web.traces import traced

    settings, _ = settings_to_run_with(content=folder)
    gc.freeze()  # what was imported leaves no garbage: web/server.py looks for it only in what is read from here on
    content = ContentSource(folder)
    if look:
        works = worker_line(settings, inside=worker)
        log.lines(start_summary(settings, folder, content.current, look, works))
    phone = None
    if settings.dev:
        from ivr.commands.browser_helpline import browser_telephone, journals_folder

        phone = browser_telephone(folder, settings.clock, journals_folder(settings))
    background = None
    if worker and (settings.can_text or settings.can_ring):
        from ivr.wiring import run_worker

        background = partial(run_worker, settings, content)
    return traced(build(settings, background=background, content=content, phone=phone), os.environ)
