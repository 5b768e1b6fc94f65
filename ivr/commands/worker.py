"""`ivr worker`: background jobs (outbox, calls to advisers, recordings, retention)."""

import asyncio
import signal

from ivr import log
from ivr.commands.database_source import database_source
from ivr.commands.options import ServedFolder, source
from ivr.config import Settings, read_settings


def worker(folder: ServedFolder) -> None:
    """Call advisers, send texts and reminders, and do maintenance, until stopped; any number of workers may run.

    On Ctrl-C or SIGTERM it finishes running jobs. Example: `ivr worker`.
    """
    settings = read_settings(content=folder)
    log.begin()
    log.LOGGER.info(source(folder))
    log.LOGGER.info(database_source(settings))
    asyncio.run(_until_stopped(settings))


async def _until_stopped(settings: Settings) -> None:
    from ivr.content_source import ContentSource
    from ivr.wiring import run_worker

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    await run_worker(settings, ContentSource(settings.content), stop)
