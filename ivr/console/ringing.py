"""Places calls to staff while the page that asked for one is answered already: to place one takes seconds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from ivr.errors import IvrError
from ivr.helpline.whisper import CALL_BACK_OFFER, TRIAL_RING
from ivr.log import redacted_traceback
from ivr.staff.adviser_line import AdviserLine
from ivr.staff.callback_call import CallbackCall
from ivr.staff.trial_ring import TrialRing
from ivr.store.audit import By

log = logging.getLogger(__name__)

OpenLine = Callable[[], AbstractAsyncContextManager[AdviserLine]]
Begun = asyncio.Future[str]
"""The name of whoever is to be rung, once that is settled."""
Call = Callable[[AdviserLine, Begun], Awaitable[None]]


class Ringing:
    """`open_line` opens what rings staff; `offer` names the step of a kind that they hear."""

    def __init__(self, open_line: OpenLine, offer: Callable[[str], str]) -> None:
        self._open_line, self._offer, self._tasks = open_line, offer, set[asyncio.Task[None]]()

    async def ring(self, id: str, adviser: str, by: By) -> str:
        """Claim a caller and have an adviser rung for them, given by name or number; return the adviser's name.

        Raises NoSuchItem, NoSuchAdviser, CannotClaim, InvalidInput or DatabaseUnavailable before anybody is rung. How
        it goes on stands in the database.
        """

        async def call(line: AdviserLine, begun: Begun) -> None:
            both = CallbackCall(line, self._offer(CALL_BACK_OFFER))
            waiting = await both.begin(id, adviser, by)
            begun.set_result(waiting.who)
            await both.place(waiting)

        return await self._start(call)

    async def try_out(self, adviser: str, by: By, *, at_night: bool) -> str:
        """Have an adviser's telephone rung for no caller, given by name; return their name.

        Raises what TrialRing.begin does before anybody is rung.
        """

        async def call(line: AdviserLine, begun: Begun) -> None:
            trial = TrialRing(line, self._offer(TRIAL_RING))
            waiting = await trial.begin(adviser, by, at_night=at_night)
            begun.set_result(waiting.who)
            if not await trial.place(waiting):
                log.warning("no test ring: they have come to be on a call")

        return await self._start(call)

    async def finish(self) -> None:
        """Wait until everybody is rung who is to be."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start(self, call: Call) -> str:
        begun: Begun = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._ring(call, begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(begun)

    async def _ring(self, call: Call, begun: Begun) -> None:
        try:
            async with self._open_line() as line:
                await call(line, begun)
        except IvrError as error:
            if not begun.done():
                begun.set_exception(error)
            else:
                log.error("adviser not rung: reason=%s", error)
        except Exception as error:
            log.error("adviser not rung: error=%s", redacted_traceback(error))
            if not begun.done():
                begun.set_exception(IvrError("Nobody could be rung. It is in the log of `ivr console`."))
