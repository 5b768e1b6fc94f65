"""`ivr phone`: the simulated telephone in the browser."""

import logging
import os
import socket
import sys
import webbrowser
from typing import Annotated
from urllib.parse import quote

import typer

from ivr.errors import SettingsError


def phone(
    port: Annotated[int | None, typer.Option(envvar="PORT", help="The port to listen on; 8000 or a free one.")] = None,
    script: Annotated[
        str, typer.Option(help="A scenario of tests/calls to replay; it opens at the step where it fails.")
    ] = "",
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Serve the simulated telephone at /phone on this machine, and open it in the browser.

    Ctrl-C stops it. Examples: `ivr phone`, `ivr phone --port 8080 --no-open`,
    `ivr phone --script tests/calls/a_parent_hears_the_deadline.yaml`.
    """
    import uvicorn

    from ivr.app import build
    from ivr.commands.browser_helpline import browser_telephone
    from ivr.config import read_settings
    from ivr.log import quiet

    settings = read_settings(dev=True, public_url="http://localhost")
    app = build(settings, phone=browser_telephone(settings.content, settings.clock))
    with socket.socket() as listening, quiet(logging.CRITICAL):
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(listening, port)
        listening.listen()
        address = f"http://localhost:{listening.getsockname()[1]}/phone{f'?script={quote(script)}' if script else ''}"
        typer.echo(f"The helpline’s telephone: {address}  (Ctrl-C stops it)")
        if show and _has_display():
            webbrowser.open(address)  # it waits for the answer until the server accepts
        server = uvicorn.Server(uvicorn.Config(app, access_log=False, proxy_headers=False, log_level="warning"))
        server.run(sockets=[listening])


def _bind(listening: socket.socket, port: int | None) -> None:
    """Bind to the given port, or to the default one or any free one."""
    try:
        listening.bind(("127.0.0.1", 8000 if port is None else port))
    except OSError as error:
        if port is not None:
            raise SettingsError(f"port {port} cannot be used: {error.strerror}") from None
        listening.bind(("127.0.0.1", 0))


def _has_display() -> bool:
    """Return whether a browser opens in a window, not in this terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
