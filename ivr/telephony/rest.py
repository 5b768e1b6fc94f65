"""Asks the provider to send texts, to find them, and to forget them (https://www.twilio.com/docs/messaging/api).

The provider's own client would send a text again after an answer that says nothing of whether the first was taken.
This one asks once, waits so long and no longer, and says which of three things happened: it was taken, it certainly
was not, or nobody knows.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx2

from ivr.telephony.outcome import ProviderFailed, Unknown, failure_of, read

API_URL = "https://api.twilio.com"
VERSION = "2010-04-01"
KINDS = {"message": "Messages", "call": "Calls", "recording": "Recordings"}
SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
GONE = 20404
A_PAGE, MOST_PAGES = 100, 100

# At its ordinary level this logger writes down every address, and some of ours to the provider name a number.
logging.getLogger("httpx2").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A text that the provider has taken, by its name there."""

    sid: str


@dataclass(frozen=True, slots=True)
class Found:
    """A text in the provider's list: its name there, and what has become of it."""

    sid: str
    status: str
    error: int | None
    created: datetime = field(repr=False)


class Provider:
    """One account at the provider. `timeout` is in seconds, for a whole request with its answer."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_url: str = API_URL,
        timeout: float = 10.0,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.timeout = timeout
        self._api_url = api_url.rstrip("/")
        self._account = f"/{VERSION}/Accounts/{account_sid}"
        self._client = httpx2.AsyncClient(
            auth=(account_sid, auth_token),
            timeout=timeout * 0.8,  # so that a failure to connect is seen as one, before time is up for the whole
            # A connection kept open may have been closed at the other end by the next text: a failure after sending,
            # of which nobody could tell what it means.
            limits=httpx2.Limits(max_keepalive_connections=0),
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, to: str, body: str, from_: str, status_callback: str) -> Accepted:
        """Send a text (numbers in E.164). News of its delivery will come to `status_callback`.

        Raises NotTaken, Refused or Unknown.
        """
        form = {"To": to, "From": from_, "Body": body, "StatusCallback": status_callback}
        answer = read(await self._ask("POST", f"{self._account}/Messages.json", data=form))
        sid = answer.get("sid")
        if not isinstance(sid, str) or not SID.fullmatch(sid):
            raise Unknown("the provider's answer makes no sense")
        return Accepted(sid)

    async def find(self, to: str, body: str, since: datetime) -> list[Found]:
        """The texts to a number with these very words, made since then, the oldest first.

        The list could be narrowed by the day on which a text was sent, but one that still waits to be sent has no
        such day. So we read all there is of a number, which is little: we delete it after a week.
        Raises NotTaken, Refused or Unknown when the list cannot be read.
        """
        since = since.replace(microsecond=0)  # the provider counts whole seconds
        try:
            found = [_found(one) async for one in self._listed(to) if _is_ours(one, body)]
        except (KeyError, TypeError, ValueError) as error:
            raise Unknown("the provider's list makes no sense") from error
        return sorted((one for one in found if one.created >= since), key=lambda one: one.created)

    async def delete(self, kind: str, sid: str) -> None:
        """Have the provider forget a "message", "call" or "recording"; one that it does not know is forgotten.

        Raises NotTaken, Refused (one that is still on its way, too) or Unknown.
        """
        try:
            read(await self._ask("DELETE", f"{self._account}/{KINDS[kind]}/{sid}.json"))
        except ProviderFailed as failure:
            if failure.code != GONE:
                raise

    async def _listed(self, to: str) -> AsyncIterator[dict[str, Any]]:
        """All that the provider has to a number, page by page."""
        page, query = f"{self._account}/Messages.json", {"To": to, "PageSize": str(A_PAGE)}
        for _ in range(MOST_PAGES):
            answer = read(await self._ask("GET", page, params=query))
            for message in answer["messages"]:
                yield message
            page, query = answer.get("next_page_uri") or "", {}
            if not page.startswith(self._account):  # our password goes to no other address
                return

    async def _ask(self, method: str, path: str, **request: Any) -> httpx2.Response:
        request = {name: value for name, value in request.items() if value}
        try:
            async with asyncio.timeout(self.timeout):
                return await self._client.request(method, self._api_url + path, **request)
        except (httpx2.HTTPError, TimeoutError) as error:
            raise failure_of(error) from error


def _is_ours(message: dict[str, Any], body: str) -> bool:
    """Whether these are the words of ours; a trial account puts a sentence of its own in front."""
    return str(message["direction"]).startswith("outbound") and str(message["body"]).rstrip().endswith(body.rstrip())


def _found(message: dict[str, Any]) -> Found:
    created = parsedate_to_datetime(message["date_created"]).astimezone(UTC)
    return Found(message["sid"], message["status"], message.get("error_code"), created)
