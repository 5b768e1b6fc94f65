"""The browser of one of staff: it keeps cookies, and fills in the forms that it is shown."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import httpx2

from ivr.console.app import build
from ivr.console.services import Services
from tests.console.staff_pages import OURS, URL
from tests.staff.staff_accounts import HERE, PASSWORD, Person, email_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class StaffBrowser:
    """What somebody does, over HTTP; `page` is what they see."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.page = ""

    async def look(self, path: str) -> httpx2.Response:
        return self._seen(await self.client.get(path))

    async def send(self, path: str, **form: str) -> httpx2.Response:
        return self._seen(await self.client.post(path, data=form))

    async def sign_in(self, who: Person, at: object, password: str = PASSWORD) -> httpx2.Response:
        """Sign in with password and code."""
        await self.send("/console/sign-in", email=email_of(who.account.name), password=password)
        return await self.send("/console/sign-in/code", half=self.hidden("half"), code=who.code(at))  # type: ignore[arg-type]

    def hidden(self, name: str) -> str:
        """Return what a form of the page holds under a name."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    def link(self) -> str:
        """Return the path of the link to set a password that is shown."""
        found = re.search(r"https://helpline\.example(/console/(?:invitation|reset)/[\w-]+)", self.page)
        assert found, self.page
        return found[1]

    def key(self) -> str:
        """Return the key of the app for codes that is shown."""
        found = re.search(r"<code>([A-Z2-7 ]+)</code>", self.page)
        assert found, self.page
        return found[1].replace(" ", "")

    def _seen(self, answer: httpx2.Response) -> httpx2.Response:
        self.page = answer.text
        return answer


@asynccontextmanager
async def browser(services: Services, address: str = HERE) -> AsyncIterator[StaffBrowser]:
    """Yield the browser of somebody at a network address."""
    transport = httpx2.ASGITransport(build(services), client=(address, 1234))
    headers = OURS | {"User-Agent": FIREFOX}
    async with httpx2.AsyncClient(transport=transport, base_url=URL, headers=headers) as client:
        yield StaffBrowser(client)
