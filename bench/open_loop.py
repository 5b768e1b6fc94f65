"""An open loop: requests come when they are due, however long the ones before them take.

The time of each counts from the moment it was due, not from when it could be sent: a server that stands still for a
moment is charged with all who came meanwhile.
"""

import gc
import select
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter

from bench.wire import Connection


def run(port: int, requests: Sequence[bytes], per_second: float) -> tuple[list[float], int]:
    """The seconds that each took, and how many were not answered well."""
    poll, lines = select.epoll(), {line.fileno(): line for line in (Connection(port) for _ in range(32))}
    for number in lines:
        poll.register(number, select.EPOLLIN)
    free, errors, sent = deque(lines), 0, 0
    due_of: dict[int, float] = {}
    took: list[float] = []
    gc.disable()
    began = perf_counter()
    while len(took) < len(requests):
        now = perf_counter()
        while sent < len(requests) and free and began + sent / per_second <= now:
            number = free.popleft()  # the one that was idle longest: a server hangs up on those that stay so
            due_of[number] = began + sent / per_second
            lines[number].ask(requests[sent])
            sent += 1
        for number, _ in poll.poll(0):
            with suppress(BlockingIOError):
                if answer := lines[number].hear():
                    took.append(perf_counter() - due_of[number])
                    errors += answer.status != 200
                    free.append(number)
    gc.enable()
    poll.close()
    for line in lines.values():
        line.close()
    return took, errors
