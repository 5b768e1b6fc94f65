"""The services of `ivr console` as its command opens them."""

import asyncio
from pathlib import Path

from ivr.commands.console_services import console_services
from ivr.config import CONTENT, read_settings
from tests.store.conftest import sqlite_url


async def test_the_helpline_is_looked_over_while_pages_go_on(tmp_path: Path) -> None:
    settings = read_settings(dev=True, database_url=sqlite_url(tmp_path))
    services, stop, turns = console_services(settings, CONTENT), asyncio.Event(), 0
    watching = asyncio.create_task(services.faults.watch(stop))
    while services.faults.looked_at is None and not watching.done():
        await asyncio.sleep(0.001)
        turns += 1
    stop.set()
    await watching
    await services.store.close()
    assert turns > 100, "nothing else had a turn while the content was checked"
    assert "rota: nobody is on the rota, and IVR_ADVISERS is empty" in [one.says for one in services.faults.found]
