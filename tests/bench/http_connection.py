"""A minimal non-blocking HTTP client for one connection: what it costs is not to count as the server's time."""

import socket
from dataclasses import dataclass

MAX_READ = 1 << 18
"""Bytes."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A status and a body."""

    status: int
    body: bytes


class HttpConnection:
    """A non-blocking socket to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._received = bytearray()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """Return the file descriptor, for epoll."""
        return self._socket.fileno()

    def send(self, request: bytes) -> None:
        """Send a request that fits into the socket's buffer."""
        self._received.clear()
        if self._socket.send(request) != len(request):
            raise ConnectionError("the server does not read")

    def receive(self) -> HttpResponse | None:
        """Read once; return the response when it is complete. Raise ConnectionError if the server has disconnected."""
        data = self._socket.recv(MAX_READ)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._received += data
        return parse_response(self._received)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def parse_response(received: bytes | bytearray) -> HttpResponse | None:
    """Return the response if it is complete by its Content-Length.

    >>> parse_response(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nhi")
    HttpResponse(status=200, body=b'hi')
    >>> parse_response(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nh")
    """
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    length = _content_length(bytes(received[:head]))
    if len(received) < head + 4 + length:
        return None
    return HttpResponse(int(received[9:12]), bytes(received[head + 4 :]))


def _content_length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.partition(b"\r\n")[0] or 0)  # a response without a body may leave it out
