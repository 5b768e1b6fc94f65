"""A client of the provider's REST API: messages, calls, recordings, and deleting them.

https://www.twilio.com/docs/messaging/api, https://www.twilio.com/docs/voice/api

The provider's own client would send a text again after an answer that says nothing of whether the first was taken.
This one asks once, with a timeout for the whole request, and tells three results apart: accepted, certainly not
accepted, or indeterminate.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx2

from ivr.telephony.account_auth import AccountAuth
from ivr.telephony.connection_overrides import with_retries
from ivr.telephony.error_codes import NOT_FOUND
from ivr.telephony.incoming_numbers import IncomingNumber, read_incoming_number
from ivr.telephony.provider_errors import Indeterminate, ProviderError, Rejected, Retryable, failure_of, read
from ivr.telephony.server_date import ServerDate
from ivr.telephony.webhook import ENDED, digits_in

API_URL = "https://api.twilio.com"
VERSION = "2010-04-01"
KINDS = {"message": "Messages", "call": "Calls", "recording": "Recordings", "queue": "Queues"}
RECORDINGS_OF_A_CALL = "recordings"
UNFINISHED = frozenset({"in-progress", "paused", "stopped", "processing"})
SMS_SID, CALL_SID = re.compile(r"(SM|MM)[0-9a-f]{32}"), re.compile(r"CA[0-9a-f]{32}")
EVERY_STATUS = ("initiated", "ringing", "answered", "completed")
NOT_RINGING = 21220
PAGE_SIZE, MOST_PAGES = 100, 100
LARGEST_RECORDING = 10_000_000
"""Bytes; three minutes take a third of that."""

# At INFO this logger writes every URL, and some of those to the provider have a number in them.
logging.getLogger("httpx2").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A text or a call that the provider has accepted, by its SID."""

    sid: str


@dataclass(frozen=True, slots=True)
class Found:
    """A text in the provider's list: its SID and its status."""

    sid: str
    status: str
    error: int | None
    created: datetime = field(repr=False)


@dataclass(frozen=True, slots=True)
class CallStatus:
    """Whether a call goes on; if not, when it ended, where the provider says so. `status` is its own word for it."""

    is_going_on: bool
    ended: datetime | None = None
    status: str = "completed"


@dataclass(frozen=True, slots=True)
class FoundRecording:
    """A recording in the provider's list; `seconds` is None where the provider does not say how long it is."""

    sid: str
    call: str
    seconds: int | None
    created: datetime
    is_complete: bool
    is_coming: bool
    """Whether it may be complete later; one that is neither is absent: nothing was said."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who rang whom, as the provider gives the numbers."""

    caller: str = field(repr=False)
    called: str


class Provider:
    """One account at the provider. `timeout` is in seconds, for a whole request with its answer.

    `auth_token` may be two, with a comma between: the one that the provider accepts is used.
    `date` tells its time, as far as its last answers did.
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
        self._api_url = api_url.rstrip("/")
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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, to: str, body: str, from_: str, status_callback: str) -> Accepted:
        """Send a text (numbers in E.164). Raises ProviderError."""
        form = {"To": to, "From": from_, "Body": body, "StatusCallback": with_retries(status_callback)}
        return _accepted(read(await self._request("POST", f"{self._account}/Messages.json", data=form)), SMS_SID)

    async def call(self, to: str, from_: str, url: str, timeout: int, status_callback: str) -> Accepted:
        """Ring a number for `timeout` seconds, showing another (both E.164); whoever answers hears the TwiML at `url`.

        Raises ProviderError.
        """
        form = {"To": to, "From": from_, "Url": url, "Method": "POST", "Timeout": str(timeout)}
        callback = {
            "StatusCallback": with_retries(status_callback),
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": EVERY_STATUS,
        }
        return _accepted(
            read(await self._request("POST", f"{self._account}/Calls.json", data=form | callback)), CALL_SID
        )

    async def cancel(self, sid: str) -> None:
        """Cancel a call that rings; one that was answered, is over, or is not known, is left alone.

        Raises ProviderError.
        """
        try:
            read(await self._request("POST", f"{self._account}/Calls/{sid}.json", data={"Status": "canceled"}), "call")
        except ProviderError as failure:
            if failure.code not in (NOT_FOUND, NOT_RINGING):
                raise

    async def call_status(self, sid: str) -> CallStatus:
        """Return whether a call goes on, or when it ended; one that the provider does not know is over.

        Raises ProviderError.
        """
        try:
            answer = read(await self._request("GET", f"{self._account}/Calls/{sid}.json"), "call")
            ended = answer["end_time"]
            moment = parsedate_to_datetime(ended).astimezone(UTC) if ended else None
            return CallStatus(answer["status"] not in ENDED, moment, str(answer["status"]))
        except (KeyError, TypeError, ValueError) as error:
            raise Indeterminate("the provider's answer makes no sense") from error
        except ProviderError as failure:
            if failure.code != NOT_FOUND:
                raise
            return CallStatus(is_going_on=False)

    async def find(self, to: str, body: str, since: datetime) -> list[Found]:
        """Return the texts to a number with this very body, created since then, the oldest first.

        The list could be narrowed by the day on which a text was sent, but one that still waits to be sent has no
        such day. So we read all there is of a number, which is little: we delete it after a week.
        Raises ProviderError when the list cannot be read.
        """
        since = since.replace(microsecond=0)  # the provider counts whole seconds
        try:
            found = [_found(one) async for one in self._listed(to) if _is_ours(one, body)]
        except (KeyError, TypeError, ValueError) as error:
            raise Indeterminate("the provider's list makes no sense") from error
        return sorted((one for one in found if one.created >= since), key=lambda one: one.created)

    async def parties(self, sid: str) -> Parties | None:
        """Return who rang whom in a call; None for one that the provider does not know. Raises ProviderError."""
        try:
            answer = read(await self._request("GET", f"{self._account}/Calls/{sid}.json"), "call")
            return Parties(str(answer["from"]), str(answer["to"]))
        except KeyError as error:
            raise Indeterminate("the provider's answer makes no sense") from error
        except ProviderError as failure:
            if failure.code != NOT_FOUND:
                raise
            return None

    async def recordings(self, call: str = "", since: datetime | None = None) -> list[FoundRecording]:
        """Return the recordings of what callers were asked to say, the oldest first: of one call, or since a day.

        Raises ProviderError. https://www.twilio.com/docs/voice/api/recording#fetch-multiple-recordings
        """
        query = {"CallSid": call} if call else {}
        if since:
            query["DateCreated>"] = since.astimezone(UTC).date().isoformat()  # the name ends so, and then comes “=”
        try:
            found = [
                _found_recording(one)
                async for one in self._pages("Recordings", "recordings", query)
                if one["source"] == "RecordVerb"
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise Indeterminate("the provider's list makes no sense") from error
        return sorted(found, key=lambda one: (one.created, one.sid))

    async def recording(self, sid: str) -> bytes:
        """Return a recording, as WAV. Raises ProviderError: Retryable for one that is not finished yet."""
        try:
            async with asyncio.timeout(self.timeout):
                return await self._download(f"{self._account}/Recordings/{sid}.wav")
        except (httpx2.HTTPError, TimeoutError) as error:
            raise failure_of(error) from error

    async def _download(self, path: str) -> bytes:
        """Download from a path of the provider's, which may redirect elsewhere: our password does not go there."""
        audio = bytearray()
        async with self._client.stream("GET", self._api_url + path, follow_redirects=True) as response:
            if not response.is_success:
                await response.aread()
                read(response, "recording")
            async for chunk in response.aiter_bytes():
                audio += chunk
                if len(audio) > LARGEST_RECORDING:
                    raise Rejected("the recording is larger than any of ours can be")
        if not audio:
            raise Indeterminate("the provider gave us a recording of nothing")
        return bytes(audio)

    async def delete(self, kind: str, sid: str) -> None:
        """Delete a "message", "call", "recording" or "queue"; one that the provider does not know counts as deleted.

        The "recordings" of a call are named by its CallSid and `/Recordings`. Raises ProviderError: Rejected, too, for
        a text that is still on its way; Retryable for the recordings of a call that goes on.
        """
        if kind == RECORDINGS_OF_A_CALL:
            return await self._delete_recordings(sid.partition("/")[0])
        try:
            read(await self._request("DELETE", f"{self._account}/{KINDS[kind]}/{sid}.json"), kind)
        except ProviderError as failure:
            if failure.code != NOT_FOUND:
                raise

    async def ask_date(self) -> datetime | None:
        """Ask for the provider's time; return None if it does not tell it. Any answer does, a refusal too."""
        self.date.forget()
        with suppress(ProviderError):
            await self._request("GET", f"{self._account}.json")
        return self.date.now()

    async def _delete_recordings(self, call: str) -> None:
        goes_on = (await self.call_status(call)).is_going_on
        for recording in await self.recordings(call):
            await self.delete("recording", recording.sid)
        if goes_on:
            raise Retryable("the call goes on, and may be recorded yet")

    async def account_status(self) -> str:
        """Return the status of our account, `active` where all is well. Raises ProviderError."""
        return str(read(await self._request("GET", f"{self._account}.json")).get("status"))

    async def incoming_numbers(self) -> list[IncomingNumber]:
        """Return the numbers of our account, and where their calls and texts are sent. Raises ProviderError."""
        try:
            pages = self._pages("IncomingPhoneNumbers", "incoming_phone_numbers", {})
            return [read_incoming_number(one) async for one in pages]
        except (KeyError, TypeError) as error:
            raise Indeterminate("the provider's list makes no sense") from error

    async def verified_caller_ids(self) -> list[str]:
        """Return the numbers (E.164) of others that we may show as our caller id. Raises ProviderError."""
        try:
            pages = self._pages("OutgoingCallerIds", "outgoing_caller_ids", {})
            return [str(one["phone_number"]) async for one in pages]
        except (KeyError, TypeError) as error:
            raise Indeterminate("the provider's list makes no sense") from error

    def _listed(self, to: str) -> AsyncIterator[dict[str, Any]]:
        """Yield all texts to a number."""
        return self._pages("Messages", "messages", {"To": to})

    async def _pages(self, resource: str, key: str, query: dict[str, str]) -> AsyncIterator[dict[str, Any]]:
        """Yield all of a list, page by page."""
        page, query = f"{self._account}/{resource}.json", query | {"PageSize": str(PAGE_SIZE)}
        for _ in range(MOST_PAGES):
            answer = read(await self._request("GET", page, params=query))
            for one in answer[key]:
                yield one
            page, query = answer.get("next_page_uri") or "", {}
            if not page.startswith(self._account):  # our password goes to no other address
                return

    async def _request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        options = {name: value for name, value in options.items() if value}
        try:
            async with asyncio.timeout(self.timeout):
                return await self._client.request(method, self._api_url + path, **options)
        except (httpx2.HTTPError, TimeoutError) as error:
            raise failure_of(error) from error


def _accepted(answer: dict[str, Any], name: re.Pattern[str]) -> Accepted:
    sid = answer.get("sid")
    if not isinstance(sid, str) or not name.fullmatch(sid):
        raise Indeterminate("the provider's answer makes no sense")
    return Accepted(sid)


def _is_ours(message: dict[str, Any], body: str) -> bool:
    """Tell whether this is a text of ours; a trial account puts a sentence of its own in front."""
    return str(message["direction"]).startswith("outbound") and str(message["body"]).rstrip().endswith(body.rstrip())


def _found_recording(one: dict[str, Any]) -> FoundRecording:
    created = parsedate_to_datetime(one["date_created"]).astimezone(UTC)
    sid, call, status = str(one["sid"]), str(one["call_sid"]), one["status"]
    return FoundRecording(
        sid, call, digits_in(str(one["duration"])), created, status == "completed", status in UNFINISHED
    )


def _found(message: dict[str, Any]) -> Found:
    created = parsedate_to_datetime(message["date_created"]).astimezone(UTC)
    return Found(message["sid"], message["status"], message.get("error_code"), created)
