"""Requests to the provider's REST API: each is made once, within a time for the whole of it, answer and all.

The provider's own client would send a text again after an answer that says nothing of whether the first was taken.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx2

from ivr.telephony.account_auth import AccountAuth
from ivr.telephony.provider_errors import Indeterminate, Rejected, failure_of, read
from ivr.telephony.server_date import ServerDate

API_URL = "https://api.twilio.com"
VERSION = "2010-04-01"
PAGE_SIZE, MOST_PAGES = 100, 100
LARGEST_RECORDING = 10_000_000
"""Bytes; three minutes take a third of that."""

# At INFO this logger writes every URL, and some of those to the provider have a number in them.
logging.getLogger("httpx2").setLevel(logging.WARNING)


class RestClient:
    """Asks for resources of one account, each named by its path below the account, such as `Calls/CA…`; "" is itself.

    `auth_token` may be two, with a comma between: the one that the provider accepts is used. `timeout` is in seconds,
    for a whole request. `date` tells the provider's time, as far as its last answers did.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_url: str = API_URL,
        timeout: float = 10.0,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.timeout = timeout
        self.date = ServerDate()
        self.api_url = api_url.rstrip("/")
        self._account = f"/{VERSION}/Accounts/{account_sid}"
        self._client = httpx2.AsyncClient(
            auth=AccountAuth(account_sid, auth_token),
            timeout=timeout * 0.8,  # so that a failure to connect is seen as one, before time is up for the whole
            # A connection kept open may have been closed at the other end by the next text: a failure after sending,
            # of which nobody could tell what it means.
            limits=httpx2.Limits(max_keepalive_connections=0),
            transport=transport,
            event_hooks={"response": [self.date.note]},
        )

    async def close(self) -> None:
        """Close every connection to the provider; nothing can be asked afterwards."""
        await self._client.aclose()

    async def get(self, path: str, kind: str = "") -> dict[str, Any]:
        """Return a resource; `kind` says what was asked for, as in `provider_errors.read`. Raises ProviderError."""
        return read(await self.request("GET", self._json(path)), kind)

    async def post(self, path: str, form: dict[str, Any], kind: str = "") -> dict[str, Any]:
        """Create or change a resource. Raises ProviderError."""
        return read(await self.request("POST", self._json(path), data=form), kind)

    async def delete(self, path: str, kind: str = "") -> None:
        """Delete a resource. Raises ProviderError."""
        read(await self.request("DELETE", self._json(path)), kind)

    async def pages(self, resource: str, key: str, query: dict[str, str]) -> AsyncIterator[dict[str, Any]]:
        """Yield all of a list, page by page. Raises ProviderError."""
        page, query = self._json(resource), query | {"PageSize": str(PAGE_SIZE)}
        for _ in range(MOST_PAGES):
            answer = read(await self.request("GET", page, params=query))
            for one in answer[key]:
                yield one
            following, query = answer.get("next_page_uri") or "", {}
            if not following.startswith(self._account):  # our password goes to no other address
                return
            page = self.api_url + following

    async def download(self, path: str, kind: str) -> bytes:
        """Return a file. The provider may redirect elsewhere: our password does not go there. Raises ProviderError."""
        try:
            async with asyncio.timeout(self.timeout):
                return await self._download(f"{self.api_url}{self._account}/{path}", kind)
        except (httpx2.HTTPError, TimeoutError) as error:
            raise failure_of(error) from error

    async def _download(self, url: str, kind: str) -> bytes:
        audio = bytearray()
        async with self._client.stream("GET", url, follow_redirects=True) as response:
            if not response.is_success:
                await response.aread()
                read(response, kind)
            async for chunk in response.aiter_bytes():
                audio += chunk
                if len(audio) > LARGEST_RECORDING:
                    raise Rejected("the recording is larger than any of ours can be")
        if not audio:
            raise Indeterminate("the provider gave us a recording of nothing")
        return bytes(audio)

    async def request(self, method: str, url: str, **options: Any) -> httpx2.Response:
        """Make a request with our password; options that are empty are left out. Raises ProviderError."""
        return await self._made(method, url, **{name: value for name, value in options.items() if value})

    async def get_without_password(self, url: str, headers: dict[str, str]) -> httpx2.Response:
        """Fetch from an address that is not to learn our password. Raises ProviderError."""
        return await self._made("GET", url, headers=headers, auth=None)

    def _json(self, path: str) -> str:
        return f"{self.api_url}{self._account}/{path}".rstrip("/") + ".json"

    async def _made(self, method: str, url: str, **options: Any) -> httpx2.Response:
        try:
            async with asyncio.timeout(self.timeout):
                return await self._client.request(method, url, **options)
        except (httpx2.HTTPError, TimeoutError) as error:
            raise failure_of(error) from error
