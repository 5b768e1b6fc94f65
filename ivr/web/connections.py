"""Lines to the web process: how many there may be, how much may come on one before a whole request, and how slowly.

Neither uvicorn nor its parser bounds any of it. Whoever holds lines open and says nothing, sends headers without end,
or one byte a second, loses the line; whoever asks and is answered keeps it.
"""

import asyncio
import logging
from collections import OrderedDict
from enum import StrEnum
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ivr.web import metrics

RECEIVE_TIMEOUT = 10.0
"""Seconds in which a whole request must have come, from the beginning of the line or the last response."""
SWEEPS = 10
"""How often slow lines are looked for in that time."""
MOST_HEADERS = 100
LONGEST_HEAD, LONGEST_REQUEST = 16_384, 262_144
"""Bytes. The provider's address and headers together are one or two thousand; bodies have bounds of their own
(`signature_check.py`), so the longest request is only for what goes on and on."""
QUIET = logging.getLogger("uvicorn.error.lines")
"""uvicorn warns of each request that it cannot read: anybody could fill the log. It is counted."""
QUIET.setLevel(logging.ERROR)


class Closed(StrEnum):
    """Why a line was closed before a whole request came."""

    crowded = "crowded"
    slow = "slow"
    head = "head"
    length = "length"
    unreadable = "unreadable"


for _reason in Closed:
    metrics.lines_closed.labels(_reason)  # shown as none, not left out


class HeadTooLong(Exception):
    """Stops the parser; uvicorn then answers 400."""


class WaitingLines:
    """The lines of a process on which no whole request has come yet, those that have waited longest first.

    `most` lines there may be in all; `timeout` is in seconds.
    """

    def __init__(self, most: int, timeout: float = RECEIVE_TIMEOUT) -> None:
        self._most, self._timeout = most, timeout
        self._since: OrderedDict[Line, float] = OrderedDict()
        self._is_swept = False

    def add(self, line: "Line") -> None:
        """Begin to wait for a request."""
        self.remove(line)
        self._since[line] = line.loop.time()
        if not self._is_swept:
            self._is_swept = True
            self._sweep(line.loop)

    def remove(self, line: "Line") -> None:
        """Wait no longer: the request has come, or the line is closed."""
        self._since.pop(line, None)

    def make_room(self, lines: int) -> None:
        """Close the line that has waited longest if there are too many; never one that is being answered."""
        if lines > self._most and self._since:
            next(iter(self._since)).close(Closed.crowded)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        late = loop.time() - self._timeout
        while self._since and next(iter(self._since.values())) < late:
            next(iter(self._since)).close(Closed.slow)
        loop.call_later(self._timeout / SWEEPS, self._sweep, loop)


class Line(HttpToolsProtocol):
    """One line: what uvicorn does, within bounds."""

    def __init__(self, waiting: WaitingLines, **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self.logger = QUIET
        self._waiting = waiting
        self._came = self._chunk = 0  # bytes of this request, and of what is being read
        self._in_head, self._is_whole = False, True
        self._refused = Closed.unreadable

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._waiting.add(self)
        self._waiting.make_room(len(self.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        self._waiting.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._chunk = len(data)
        self._came += self._chunk
        super().data_received(data)
        if not self._is_whole and not self.transport.is_closing():
            self._check_what_came()

    def on_message_begin(self) -> None:
        self._came, self._in_head, self._is_whole = self._chunk, True, False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._is_head_too_long():
            self._refused = Closed.head
            raise HeadTooLong
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_whole = True
        super().on_message_complete()
        if self.cycle.response_complete:  # it was answered before all of it had come
            self._waiting.add(self)
        else:
            self._waiting.remove(self)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._waiting.add(self)

    def send_400_response(self, msg: str) -> None:
        self._waiting.remove(self)
        metrics.lines_closed.labels(self._refused).inc()
        super().send_400_response(msg)

    def close(self, reason: Closed) -> None:
        """Close it, and count why."""
        self._waiting.remove(self)
        metrics.lines_closed.labels(reason).inc()
        self.transport.close()

    def _check_what_came(self) -> None:
        """Close a line on which a head, or a whole request, does not end."""
        is_long = self._in_head and self._came > LONGEST_HEAD
        if is_long or len(self.headers) > MOST_HEADERS:  # they may come after a body, too
            self.close(Closed.head)
        elif self._came > LONGEST_REQUEST:
            self.close(Closed.length)

    def _is_head_too_long(self) -> bool:
        if len(self.headers) > MOST_HEADERS:
            return True
        if self._came <= LONGEST_HEAD:
            return False
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > LONGEST_HEAD
