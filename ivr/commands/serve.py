"""`ivr serve`: the web process."""

import asyncio
import gc
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")] = 8000,
    worker: Annotated[bool, typer.Option(help="Run the worker in this process too, for one machine.")] = True,
) -> None:
    """Serve webhooks, and run the worker, until stopped.

    Examples: `ivr serve`, `PORT=5000 ivr serve --host 0.0.0.0 --no-worker`, `IVR_DEV=1 ivr serve`.
    """
    gc.disable()  # imports leave no garbage: collecting takes a sixth of the start (web/server.py enables it)
    from ivr.app import build
    from ivr.config import LOCALHOST, read_settings
    from ivr.content_source import ContentSource
    from ivr.errors import SettingsError
    from ivr.web.server import run

    settings = read_settings()
    content = ContentSource(settings.content)
    if settings.dev and host not in LOCALHOST:
        raise SettingsError(
            f"IVR_DEV takes anybody's word, and --host {host} lets anybody in: it is for 127.0.0.1 only"
        )
    phone = None
    if settings.dev:
        from ivr.commands.browser_helpline import browser_telephone

        phone = browser_telephone(settings.content, settings.clock)
    background = None
    if worker and (settings.can_text or settings.can_ring):
        from ivr.wiring import run_worker

        background = partial(run_worker, settings, content)
    asyncio.run(_refuse_newer_schema(settings.database_url, settings.secrets))
    app = build(settings, background=background, content=content, phone=phone)
    run(app, host, port)


async def _refuse_newer_schema(url: str, secrets: Sequence[bytes]) -> None:
    from ivr.store.database import Store

    async with Store(url, secrets) as store:
        await store.refuse_newer_schema()
