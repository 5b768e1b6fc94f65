"""`ivr console`: the staff pages."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr import log
from ivr.commands.options import PORT, ServedFolder

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def console(
    folder: ServedFolder,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, PORT] = 8001,
) -> None:
    """Serve the staff pages at /console until stopped; a proxy with TLS stands before it.

    `ivr accounts add` makes the first administrator. Examples: `ivr console`, `ivr console --port 5001`,
    `IVR_DEV=1 ivr console`.
    """
    from ivr.commands.listening import listening_socket
    from ivr.config import LOCALHOST, settings_to_run_with
    from ivr.errors import SettingsError
    from ivr.web.server import run

    settings, wrong = settings_to_run_with(content=folder)
    if settings.dev and host not in LOCALHOST:
        raise SettingsError(f"IVR_DEV lets anybody in, and --host {host} is not this machine: it is for 127.0.0.1 only")
    listening_socket(host, port).close()  # a port that is taken is told before anything is loaded
    log.begin(settings.log_format)
    for line in wrong:
        log.LOGGER.error(line)
    run(
        partial(application, folder),
        host,
        port,
        proxies=[str(network) for network in settings.console_proxy],
        log_format=settings.log_format,
    )


def application(folder: Path) -> "ASGIApp":
    """Return the staff pages of the settings and a content folder, ready to be served."""
    from ivr.commands.console_services import console_services
    from ivr.config import settings_to_run_with
    from ivr.console.app import build

    settings, _ = settings_to_run_with(content=folder)
    return build(console_services(settings, folder))
