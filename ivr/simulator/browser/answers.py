"""The answers to the latest requests of the page: a request that is sent again changes nothing and gets the same."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from starlette.responses import Response

MAX_ANSWERS = 16


class Answers:
    """The latest answers by the id that the page gives each of its actions."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, asyncio.Future[tuple[bytes, int]]] = OrderedDict()

    async def once(self, id: str, answer: Callable[[], Awaitable[Response]]) -> Response:
        """Return the answer to a request; what is asked again under the same id is not done again."""
        if not id:
            return await answer()
        if id not in self._tasks:
            self._add(id, asyncio.ensure_future(_content(answer)))
        content, status = await asyncio.shield(self._tasks[id])
        return Response(content, status, media_type="application/json")

    def put(self, id: str, content: bytes, status: int = 200) -> None:
        """Put in the answer to a request that was answered before."""
        answered: asyncio.Future[tuple[bytes, int]] = asyncio.get_running_loop().create_future()
        answered.set_result((content, status))
        self._add(id, answered)

    def _add(self, id: str, answered: asyncio.Future[tuple[bytes, int]]) -> None:
        self._tasks[id] = answered
        while len(self._tasks) > MAX_ANSWERS:
            self._tasks.popitem(last=False)


async def _content(answer: Callable[[], Awaitable[Response]]) -> tuple[bytes, int]:
    response = await answer()
    return bytes(response.body), response.status_code
