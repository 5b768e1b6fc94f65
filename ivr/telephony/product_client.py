"""Requests to the REST APIs of Twilio's products beside the one for calls and texts: each has a host of its own.

That is `{product}.twilio.com`, with an edge and a region between the two where they are chosen:
https://www.twilio.com/docs/global-infrastructure/understanding-twilio-regions
"""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ivr.telephony.provider_errors import read
from ivr.telephony.rest_client import MOST_PAGES, PAGE_SIZE, RestClient

API = "api."
TWILIO = ".twilio.com"


def product_url(api_url: str, product: str) -> str:
    """Return the address of a product's API; all are at one address where that of TWILIO_API_URL is not Twilio's.

    >>> product_url("https://api.twilio.com", "serverless")
    'https://serverless.twilio.com'
    >>> product_url("https://api.dublin.ie1.twilio.com", "monitor"), product_url("http://127.0.0.1:8010", "monitor")
    ('https://monitor.dublin.ie1.twilio.com', 'http://127.0.0.1:8010')
    """
    url = urlsplit(api_url)
    if not (url.netloc.startswith(API) and url.netloc.endswith(TWILIO)):
        return api_url
    return urlunsplit(url._replace(netloc=f"{product}.{url.netloc.removeprefix(API)}"))


class ProductClient:
    """Asks one product for resources, each named by its path, such as `v1/Services`."""

    def __init__(self, client: RestClient, product: str) -> None:
        self._client, self._base = client, product_url(client.api_url, product)

    async def get(self, path: str, kind: str = "") -> dict[str, Any]:
        """Return a resource; `kind` says what was asked for, as in `provider_errors.read`. Raises ProviderError."""
        return read(await self._client.request("GET", f"{self._base}/{path}"), kind)

    async def post(
        self, path: str, form: dict[str, Any], kind: str = "", files: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Create a resource, of a form and of files (name, bytes, media type) if any. Raises ProviderError."""
        return read(await self._client.request("POST", f"{self._base}/{path}", data=form, files=files), kind)

    async def delete(self, path: str, kind: str = "") -> None:
        """Delete a resource. Raises ProviderError."""
        read(await self._client.request("DELETE", f"{self._base}/{path}"), kind)

    async def pages(self, path: str, query: dict[str, str] | None = None) -> AsyncIterator[dict[str, Any]]:
        """Yield all of a list, page by page. Raises ProviderError."""
        page, query = f"{self._base}/{path}", {"PageSize": str(PAGE_SIZE)} | (query or {})
        for _ in range(MOST_PAGES):
            answer = read(await self._client.request("GET", page, params=query))
            for one in answer[answer["meta"]["key"]]:
                yield one
            page, query = answer["meta"]["next_page_url"] or "", {}
            if not page.startswith(f"{self._base}/"):  # our password goes to no other address
                return
