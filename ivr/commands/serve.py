"""`ivr serve`: answers the provider's webhooks."""

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
    from ivr.app import build
    from ivr.commands.worker import working
    from ivr.config import read_settings
    from ivr.web.server import run

    settings = read_settings()
    works = worker and (settings.can_text or settings.can_ring)
    app = build(settings, beside=partial(working, settings) if works else None)
    run(app, host, port)
