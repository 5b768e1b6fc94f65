"""What the provider does for us: sends texts, rings numbers, and keeps recordings until we delete them.

https://www.twilio.com/docs/messaging/api, https://www.twilio.com/docs/voice/api

Three results of a request are told apart: accepted, certainly not accepted, or indeterminate (`provider_errors.py`).
"""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Self

import httpx2

from ivr.telephony.account import THE_ACCOUNT, Account
from ivr.telephony.connection_overrides import with_retries
from ivr.telephony.error_codes import NOT_FOUND
from ivr.telephony.provider_errors import ProviderError, Retryable
from ivr.telephony.resources import (
    CALL_SID,
    FROM_A_RECORD_VERB,
    SMS_SID,
    Accepted,
    CallStatus,
    Found,
    FoundRecording,
    Parties,
    accepted,
    has_come_in,
    is_ours,
    making_sense,
    read_call,
    read_recording,
    read_text,
)
from ivr.telephony.rest_client import API_URL, RestClient
from ivr.telephony.server_date import ServerDate

KINDS = {"message": "Messages", "call": "Calls", "recording": "Recordings", "queue": "Queues"}
RECORDINGS_OF_A_CALL = "recordings"
EVERY_STATUS = ("initiated", "ringing", "answered", "completed")
NOT_RINGING = 21220


class Provider:
    """One account at the provider, with the settings of `RestClient`."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_url: str = API_URL,
        timeout: float = 10.0,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = RestClient(account_sid, auth_token, api_url, timeout, transport)
        self.account = Account(self._client, auth_token)

    @property
    def timeout(self) -> float:
        """Seconds for a whole request."""
        return self._client.timeout

    @property
    def date(self) -> ServerDate:
        """The provider's time, as far as its last answers told it."""
        return self._client.date

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def send(self, to: str, body: str, from_: str, status_callback: str) -> Accepted:
        """Send a text (numbers in E.164). Raises ProviderError."""
        form = {"To": to, "From": from_, "Body": body, "StatusCallback": with_retries(status_callback)}
        return accepted(await self._client.post("Messages", form), SMS_SID)

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
        return accepted(await self._client.post("Calls", form | callback), CALL_SID)

    async def call_with_script(self, to: str, from_: str, twiml: str, *, record: bool) -> Accepted:
        """Ring a number (both E.164); whoever answers hears this TwiML; `record` both sides, each apart.

        Raises ProviderError. https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
        """
        form = {"To": to, "From": from_, "Twiml": twiml}
        recorded = {"Record": "true", "RecordingChannels": "dual"} if record else {}
        return accepted(await self._client.post("Calls", form | recorded), CALL_SID)

    async def complete(self, sid: str) -> None:
        """End a call; one that is over, or is not known, is left alone. Raises ProviderError."""
        await self._end(sid, "completed")

    async def cancel(self, sid: str) -> None:
        """Cancel a call that rings; one that was answered, is over, or is not known, is left alone.

        Raises ProviderError.
        """
        await self._end(sid, "canceled")

    async def _end(self, sid: str, status: str) -> None:
        try:
            await self._client.post(f"Calls/{sid}", {"Status": status}, "call")
        except ProviderError as failure:
            if failure.code not in (NOT_FOUND, NOT_RINGING):
                raise

    async def call_status(self, sid: str) -> CallStatus:
        """Return whether a call goes on, or when it ended; one that the provider does not know is over.

        Raises ProviderError.
        """
        try:
            with making_sense():
                return read_call(await self._client.get(f"Calls/{sid}", "call"))
        except ProviderError as failure:
            if failure.code != NOT_FOUND:
                raise
            return CallStatus(is_going_on=False)

    async def parties(self, sid: str) -> Parties | None:
        """Return who rang whom in a call; None for one that the provider does not know. Raises ProviderError."""
        try:
            with making_sense():
                answer = await self._client.get(f"Calls/{sid}", "call")
                return Parties(str(answer["from"]), str(answer["to"]))
        except ProviderError as failure:
            if failure.code != NOT_FOUND:
                raise
            return None

    async def find(self, to: str, body: str, since: datetime) -> list[Found]:
        """Return the texts to a number with this very body, created since then, the oldest first.

        The list could be narrowed by the day on which a text was sent, but one that still waits to be sent has no
        such day. So we read all there is of a number, which is little: we delete it after a week.
        Raises ProviderError when the list cannot be read.
        """
        since = since.replace(microsecond=0)  # the provider counts whole seconds
        with making_sense():
            listed = self._client.pages("Messages", "messages", {"To": to})
            found = [read_text(one) async for one in listed if is_ours(one, body)]
        return sorted((one for one in found if one.created >= since), key=lambda one: one.created)

    async def received(self, to: str, body: str, since: datetime) -> list[str]:
        """Return the SIDs of the texts with this very body that a number of ours has received since then.

        Raises ProviderError.
        """
        since = since.replace(microsecond=0)  # the provider counts whole seconds
        with making_sense():
            listed = self._client.pages("Messages", "messages", {"To": to})
            return [str(one["sid"]) async for one in listed if has_come_in(one, body, since)]

    async def recordings(self, call: str = "", since: datetime | None = None) -> list[FoundRecording]:
        """Return the recordings of what callers were asked to say, the oldest first: of one call, or since a day.

        Raises ProviderError. https://www.twilio.com/docs/voice/api/recording#fetch-multiple-recordings
        """
        query = {"CallSid": call} if call else {}
        if since:
            query["DateCreated>"] = since.astimezone(UTC).date().isoformat()  # the name ends so, and then comes “=”
        with making_sense():
            listed = self._client.pages("Recordings", "recordings", query)
            found = [read_recording(one) async for one in listed if one["source"] == FROM_A_RECORD_VERB]
        return sorted(found, key=lambda one: (one.created, one.sid))

    async def recordings_of_call(self, call: str) -> list[FoundRecording]:
        """Return the recordings of a whole call, which we asked for when we placed it. Raises ProviderError."""
        with making_sense():
            listed = self._client.pages("Recordings", "recordings", {"CallSid": call})
            return [read_recording(one) async for one in listed if one["source"] != FROM_A_RECORD_VERB]

    async def recording(self, sid: str) -> bytes:
        """Return a recording, as WAV. Raises ProviderError: Retryable for one that is not finished yet."""
        return await self._client.download(f"Recordings/{sid}.wav", "recording")

    async def delete(self, kind: str, sid: str) -> None:
        """Delete a "message", "call", "recording" or "queue"; one that the provider does not know counts as deleted.

        The "recordings" of a call are named by its CallSid and `/Recordings`. Raises ProviderError: Rejected, too, for
        a text that is still on its way; Retryable for the recordings of a call that goes on.
        """
        if kind == RECORDINGS_OF_A_CALL:
            return await self._delete_recordings(sid.partition("/")[0])
        try:
            await self._client.delete(f"{KINDS[kind]}/{sid}", kind)
        except ProviderError as failure:
            if failure.code != NOT_FOUND:
                raise

    async def _delete_recordings(self, call: str) -> None:
        goes_on = (await self.call_status(call)).is_going_on
        for recording in await self.recordings(call):
            await self.delete("recording", recording.sid)
        if goes_on:
            raise Retryable("the call goes on, and may be recorded yet")

    async def ask_date(self) -> datetime | None:
        """Ask for the provider's time; return None if it does not tell it. Any answer does, a refusal too."""
        self.date.forget()
        with suppress(ProviderError):
            await self._client.get(THE_ACCOUNT)
        return self.date.now()
