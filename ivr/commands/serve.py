"""`ivr serve`: answers the provider's webhooks."""

import gc
from functools import partial
from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")] = 8000,
    worker: Annotated[
        bool, typer.Option(help="Ring advisers and send texts too, for a helpline on one machine.")
    ] = True,
) -> None:
    """Answer calls, and send what was promised, until stopped.

    Examples: `ivr serve`, `PORT=5000 ivr serve --host 0.0.0.0 --no-worker`, `IVR_DEV=1 ivr serve`.
    """
    gc.disable()  # what is loaded stays: looking for what can go takes a sixth of the start (web/server.py enables it)
    from ivr.app import build
    from ivr.config import THIS_MACHINE, read_settings
    from ivr.errors import SettingsError
    from ivr.web.server import run

    settings = read_settings()
    if settings.dev and host not in THIS_MACHINE:
        raise SettingsError(
            f"IVR_DEV takes anybody's word, and --host {host} lets anybody in: it is for 127.0.0.1 only"
        )
    phone = None
    if settings.dev:
        from ivr.commands.trials import browser_telephone

        phone = browser_telephone(settings.content, settings.clock)
    beside = None
    if worker and (settings.can_text or settings.can_ring):
        from ivr.commands.worker import working

        beside = partial(working, settings)
    app = build(settings, beside=beside, phone=phone)
    run(app, host, port)
