"""A closed loop: a few connections, each asking again as soon as it is answered. Says how much a server can do."""

import select
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

from bench.wire import Connection

CONNECTIONS = 16


@dataclass(frozen=True)
class Round:
    """So many requests, answered in so many seconds; of those the load itself was at work for `busy`."""

    requests: int
    seconds: float
    busy: float
    errors: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def run(port: int, requests: Sequence[bytes], connections: int = CONNECTIONS) -> Round:
    """Have all of the requests answered, as fast as they are."""
    poll = select.epoll()
    lines = {line.fileno(): line for line in (Connection(port) for _ in range(connections))}
    for number in lines:
        poll.register(number, select.EPOLLIN)
    waiting, errors, left = iter(requests), 0, len(requests)
    began, at_work = perf_counter(), process_time()
    for line in lines.values():
        _ask_next(line, waiting)
    while left:
        for number, _ in poll.poll(10):
            line = lines[number]
            if answer := line.hear():
                left -= 1
                errors += answer.status != 200
                _ask_next(line, waiting)
    ended = Round(len(requests), perf_counter() - began, process_time() - at_work, errors)
    poll.close()
    for line in lines.values():
        line.close()
    return ended


def _ask_next(line: Connection, waiting: Iterator[bytes]) -> None:
    if request := next(waiting, None):
        line.ask(request)
