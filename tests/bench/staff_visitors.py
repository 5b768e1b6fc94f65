"""Twenty of staff with their pages open, as a process of their own: `python -m tests.bench.staff_visitors PORT COOKIE`.

Each asks for what is new every three seconds, as the page itself does, and opens a page every fifteen.
"""

import sys
import threading
from http.client import HTTPConnection
from itertools import count
from time import sleep

VISITORS = 20
POLL, OPENS = 3.0, 5
"""Seconds between two polls of a page, and how many of them pass until its reader opens a page."""
LIVE = "/console/today/live?seen=&said="
PAGES = (
    *("/console", "/console/waiting", "/console/talks", "/console/finished", "/console/audit", "/console/unsent"),
    *("/console/rota", "/console/hours", "/console/complaints"),
)


def get(port: int, path: str, cookie: str) -> int:
    """Ask for a page and read it; return its status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _visit(port: int, cookie: str, place: int) -> None:
    sleep(POLL * place / VISITORS)
    for poll in count(place):
        get(port, PAGES[poll // OPENS % len(PAGES)] if poll % OPENS == 0 else LIVE, cookie)
        sleep(POLL)


def main() -> None:
    """Visit until the process is killed."""
    port, cookie = int(sys.argv[1]), sys.argv[2]
    for place in range(VISITORS):
        threading.Thread(target=_visit, args=(port, cookie, place)).start()


if __name__ == "__main__":
    main()
