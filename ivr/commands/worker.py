"""`ivr worker`: background jobs (outbox, calls to advisers, recordings, retention)."""

import asyncio
import signal

from ivr import log
from ivr.commands.options import ServedFolder
from ivr.config import Settings, settings_to_run_with


def worker(folder: ServedFolder) -> None:
    """Call advisers, send texts and reminders, and do maintenance, until stopped; any number of workers may run.

    On Ctrl-C or SIGTERM it finishes running jobs. Example: `ivr worker`.
    """
    settings, wrong = settings_to_run_with(content=folder)
    log.begin(settings.log_format)
    for line in wrong:
        log.LOGGER.error(line)
    asyncio.run(_until_stopped(settings))


async def _until_stopped(settings: Settings) -> None:
    from ivr.commands.start_summary import first_look, start_summary
    from ivr.content_source import ContentSource
    from ivr.wiring import run_worker

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    content, look = ContentSource(settings.content), await first_look(settings)
    log.lines(start_summary(settings, settings.content, content.current, look, "in this process"))
    await run_worker(settings, content, stop)
