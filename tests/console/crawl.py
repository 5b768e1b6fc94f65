"""Follows every link of the staff pages, as somebody of a role."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import httpx2

from ivr.staff.accounts import Role
from tests.console.staff_pages import URL, StaffPages

START = "/console"
NEVER = ("/console/static/",)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in ("a", "audio", "source", "img"):
            self.found += [link for link in (named.get("href"), named.get("src")) if link]


def links(page: str, path: str) -> list[str]:
    """Return the addresses on this server to which a page leads, without their fragments.

    >>> links("<a href=?live=off>Stop</a> <a href=/console/x#y>X</a> <a href=https://elsewhere/>No</a>", "/console")
    ['/console?live=off', '/console/x']
    """
    parser = _Links()
    parser.feed(page)
    whole = [urldefrag(urljoin(f"{URL}{path}", link)).url for link in parser.found]
    return [one.removeprefix(URL) for one in whole if one.startswith(f"{URL}/console")]


async def crawl(pages: StaffPages, who: Role, most: int = 600) -> AsyncIterator[tuple[str, httpx2.Response]]:
    """Yield every page that somebody comes to by links from the first one, each once."""
    seen, ahead = {START}, [START]
    while ahead and len(seen) <= most:
        path = ahead.pop(0)
        answer = await pages.get(path, who)
        yield path, answer
        if "text/html" in answer.headers.get("content-type", ""):
            new = [one for one in links(answer.text, path) if one not in seen and not one.startswith(NEVER)]
            seen.update(new)
            ahead += dict.fromkeys(new)
