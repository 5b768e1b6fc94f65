"""One connection to a server on this machine: sends a request, and knows when the answer is whole."""

import socket
from dataclasses import dataclass

LARGEST = 1 << 18


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class Connection:
    """A socket that does not wait; opened anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._got = bytearray()
        self._socket = self._opened()

    def fileno(self) -> int:
        """For a poll to watch."""
        return self._socket.fileno()

    def ask(self, request: bytes) -> None:
        """Send a request; it is short enough to be taken at once."""
        self._got.clear()
        if self._socket.send(request) != len(request):
            raise ConnectionError("the server does not read")

    def hear(self) -> Answer | None:
        """The answer, once all of it is here; raises ConnectionError when the server hangs up before."""
        data = self._socket.recv(LARGEST)
        if not data:
            raise ConnectionError("the server hung up")
        self._got += data
        return parsed(self._got)

    def reopen(self) -> None:
        """Begin again with a new socket."""
        self.close()
        self._got.clear()
        self._socket = self._opened()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _opened(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setblocking(False)
        return made


def parsed(got: bytes | bytearray) -> Answer | None:
    """An answer of which the length is told, if it is all there.

    >>> parsed(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nhi")
    Answer(status=200, body=b'hi')
    >>> parsed(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nh")
    """
    head = got.find(b"\r\n\r\n")
    if head < 0:
        return None
    length = _length(bytes(got[:head]))
    if len(got) < head + 4 + length:
        return None
    return Answer(int(got[9:12]), bytes(got[head + 4 :]))


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.partition(b"\r\n")[0] or 0)  # an answer without a body need not tell
