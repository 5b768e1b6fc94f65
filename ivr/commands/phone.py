"""`ivr phone`: the simulated telephone in the browser."""

import logging
import os
import sys
import webbrowser
from pathlib import Path
from socket import socket
from typing import Annotated
from urllib.parse import quote

import typer

from ivr.commands import completion
from ivr.commands.listening import listening_socket
from ivr.commands.local_addresses import local_addresses
from ivr.commands.options import PORT, Folder
from ivr.commands.output import tell
from ivr.errors import InvalidInput, IvrError, SettingsError


def phone(
    folder: Folder,
    port: Annotated[int | None, PORT] = None,
    script: Annotated[
        str,
        typer.Option(
            help="A scenario of tests/calls to replay; it opens at the step where it fails.",
            autocompletion=completion.scenarios,
        ),
    ] = "",
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
    lan: Annotated[
        bool, typer.Option("--lan", help="Let a colleague on the local network open the telephone, with a link.")
    ] = False,
) -> None:
    """Serve the simulated telephone at /phone on this machine, and the staff pages at /console; open the telephone.

    Only this machine reaches them. With --lan, a link with a code that works once lets another browser on the local
    network open the telephone, and nothing else.

    Ctrl-C stops it. Examples: `ivr phone`, `ivr phone --port 8080 --no-open`, `ivr phone --lan`,
    `ivr phone --script tests/calls/a_parent_hears_the_deadline.yaml`.
    """
    import uvicorn

    from ivr.app import build
    from ivr.commands.browser_helpline import browser_telephone, journals_folder
    from ivr.commands.console_services import console_services
    from ivr.commands.phone_link import shared
    from ivr.commands.trial_folder import remove_abandoned
    from ivr.config import read_settings
    from ivr.console.app import build as build_console
    from ivr.log import quiet

    if script:
        _check(script, folder)
    addresses = local_addresses() if lan else ()
    remove_abandoned()
    settings = read_settings(dev=True, public_url="http://localhost", content=folder)
    with _listening(port) as listening, quiet(logging.CRITICAL):
        console = build_console(console_services(settings, settings.content))
        app = build(
            settings,
            phone=browser_telephone(settings.content, settings.clock, journals_folder(settings)),
            console=console,
        )
        bound = listening.getsockname()[1]
        here = f"http://localhost:{bound}"
        address = f"{here}/phone{f'?script={quote(script)}' if script else ''}"
        tell(f"The helpline’s telephone: {address}  (Ctrl-C stops it)")
        tell(f"The staff pages:          {here}/console")
        neighbours = [listening_socket(one, bound) for one in addresses]
        if show and _has_display():
            webbrowser.open(address)  # it waits for the answer until the server accepts
        served = shared(app, addresses, bound) if lan else app
        server = uvicorn.Server(uvicorn.Config(served, access_log=False, proxy_headers=False, log_level="warning"))
        server.run(sockets=[listening, *neighbours])


def _check(script: str, folder: Path) -> None:
    """Raise InvalidInput for a scenario that is not there or cannot be read."""
    from ivr.simulator.browser.scenario_files import ScenarioFiles
    from ivr.simulator.scenarios.reader import read_scenario

    try:
        read_scenario(ScenarioFiles(folder / "tests/calls").path(script))
    except (IvrError, OSError, UnicodeDecodeError) as error:
        raise InvalidInput(str(error)) from None


def _listening(port: int | None) -> socket:
    """Listen on the given port, or on the default one or any free one."""
    try:
        return listening_socket("127.0.0.1", 8000 if port is None else port)
    except SettingsError:
        if port is not None:
            raise
        return listening_socket("127.0.0.1", 0)


def _has_display() -> bool:
    """Return whether a browser opens in a window, not in this terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
