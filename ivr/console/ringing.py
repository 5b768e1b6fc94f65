"""Places calls back while the page that asked for one is answered already: to place one takes seconds."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from ivr.errors import IvrError
from ivr.log import redacted_traceback
from ivr.staff.callback_call import CallbackCall
from ivr.store.audit import By

log = logging.getLogger(__name__)

Open = Callable[[], AbstractAsyncContextManager[CallbackCall]]


class Ringing:
    """`open_call` opens what connects an adviser and a caller."""

    def __init__(self, open_call: Open) -> None:
        self._open, self._tasks = open_call, set[asyncio.Task[None]]()

    async def ring(self, id: str, adviser: str, by: By) -> str:
        """Claim a caller and have an adviser rung for them, given by name or number; return the adviser's name.

        Raises NoSuchItem, NoSuchAdviser, CannotClaim, InvalidInput or DatabaseUnavailable before anybody is rung. How
        it goes on stands in the database.
        """
        begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._ring(begun, id, adviser, by))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(begun)

    async def finish(self) -> None:
        """Wait until everybody is rung who is to be."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _ring(self, begun: asyncio.Future[str], id: str, adviser: str, by: By) -> None:
        try:
            async with self._open() as call:
                waiting = await call.begin(id, adviser, by)
                begun.set_result(waiting.who)
                await call.place(waiting)
        except IvrError as error:
            if not begun.done():
                begun.set_exception(error)
            else:
                log.error("adviser not rung for a callback: callback=%s reason=%s", id, error)
        except Exception as error:
            log.error("adviser not rung for a callback: callback=%s error=%s", id, redacted_traceback(error))
            if not begun.done():
                begun.set_exception(IvrError("Nobody could be rung. It is in the log of `ivr console`."))
