"""Closed-loop and open-loop load on one server.

In a closed loop each connection sends its next request after a response: that measures throughput. In an open loop
requests are sent at a constant rate, and latency counts from the time a request was due: a server that stalls is
charged with every request that had to wait (no coordinated omission).
"""

import gc
import select
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import perf_counter, process_time

from tests.bench.http_connection import HttpConnection

CLOSED_LOOP_CONNECTIONS, OPEN_LOOP_CONNECTIONS = 16, 32


@dataclass(frozen=True)
class ClosedLoopResult:
    """Requests, the seconds for all of them, the load generator's own CPU seconds, and failed responses."""

    requests: int
    seconds: float
    cpu_seconds: float
    errors: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def closed_loop(port: int, requests: Sequence[bytes]) -> ClosedLoopResult:
    """Send all requests as fast as the server responds."""
    with _connected(port, CLOSED_LOOP_CONNECTIONS) as (poll, connections):
        unsent, errors, pending = iter(requests), 0, len(requests)
        began, cpu = perf_counter(), process_time()
        for connection in connections.values():
            _send_next(connection, unsent)
        while pending:
            for number, _ in poll.poll(10):
                if response := connections[number].receive():
                    pending -= 1
                    errors += response.status != 200
                    _send_next(connections[number], unsent)
        return ClosedLoopResult(len(requests), perf_counter() - began, process_time() - cpu, errors)


def open_loop(port: int, requests: Sequence[bytes], rate: float) -> tuple[list[float], int]:
    """Send requests at `rate` per second; return the latencies in seconds and the number of failed responses."""
    with _connected(port, OPEN_LOOP_CONNECTIONS) as (poll, connections):
        idle, errors, sent = deque(connections), 0, 0
        due: dict[int, float] = {}
        latencies: list[float] = []
        gc.disable()
        began = perf_counter()
        while len(latencies) < len(requests):
            now = perf_counter()
            while sent < len(requests) and idle and began + sent / rate <= now:
                number = idle.popleft()  # the longest idle one, before the server closes it
                due[number] = began + sent / rate
                connections[number].send(requests[sent])
                sent += 1
            for number, _ in poll.poll(0):
                with suppress(BlockingIOError):
                    if response := connections[number].receive():
                        latencies.append(perf_counter() - due[number])
                        errors += response.status != 200
                        idle.append(number)
        gc.enable()
        return latencies, errors


@contextmanager
def _connected(port: int, number: int) -> Iterator[tuple[select.epoll, dict[int, HttpConnection]]]:
    with select.epoll() as poll:
        connections = {one.fileno(): one for one in (HttpConnection(port) for _ in range(number))}
        for descriptor in connections:
            poll.register(descriptor, select.EPOLLIN)
        yield poll, connections
    for connection in connections.values():
        connection.close()


def _send_next(connection: HttpConnection, unsent: Iterator[bytes]) -> None:
    if request := next(unsent, None):
        connection.send(request)
