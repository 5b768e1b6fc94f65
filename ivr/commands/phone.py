"""`ivr phone`: the telephone in the browser, for whoever wants to try the helpline."""

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
        str, typer.Option(help="A call of tests/calls to replay; it opens where it goes otherwise.")
    ] = "",
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Serve the telephone at /phone on this machine, and open it: nobody is really called.

    Ctrl-C stops it. Examples: `ivr phone`, `ivr phone --port 8080 --no-open`,
    `ivr phone --script tests/calls/a_parent_hears_the_deadline.yaml`.
    """
    import uvicorn

    from ivr.app import build
    from ivr.commands.trials import browser_telephone
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
        if show and _has_a_screen():
            webbrowser.open(address)  # it waits for the answer until we are there
        server = uvicorn.Server(uvicorn.Config(app, access_log=False, proxy_headers=False, log_level="warning"))
        server.run(sockets=[listening])


def _bind(listening: socket.socket, port: int | None) -> None:
    """To the port that was asked for; to the usual one, or any that is free, if none was."""
    try:
        listening.bind(("127.0.0.1", 8000 if port is None else port))
    except OSError as error:
        if port is not None:
            raise SettingsError(f"port {port} cannot be used: {error.strerror}") from None
        listening.bind(("127.0.0.1", 0))


def _has_a_screen() -> bool:
    """Whether a browser would open in a window; one that opens in this terminal would be in the way."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
