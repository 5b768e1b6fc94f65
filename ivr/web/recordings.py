"""Recordings: their status callbacks, and their audio for whoever has a recording link."""

import logging
import re
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from ivr.errors import DatabaseUnavailable, InvalidToken
from ivr.store import voicemail_audio, voicemails
from ivr.store.database import Store
from ivr.store.staff_alerts import StaffAlerts
from ivr.telephony.webhook import digits_in, id_in
from ivr.tokens import RecordingLinks
from ivr.web import metrics
from ivr.web.signature_check import Form, query_value

log = logging.getLogger(__name__)

SID = re.compile(r"RE[0-9a-f]{32}")
NO_STORE = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class Recordings:
    """Answers `POST /voice/recording?id=…` and `GET /recordings/…`."""

    def __init__(
        self, store: Store, links: RecordingLinks, clock: Callable[[], datetime], alerts: StaffAlerts | None = None
    ) -> None:
        self._store, self._links, self._clock, self._alerts = store, links, clock, alerts

    async def status(self, scope: Scope, form: Form) -> Response:
        """Store the status of a recording (https://www.twilio.com/docs/voice/twiml/record#recordingstatuscallback).

        The id of its voicemail is in the address. A status may come late, twice or before all else.
        """
        id = id_in(query_value(scope, "id"))
        sid = form.get("RecordingSid", "")
        try:
            if SID.fullmatch(sid):
                await self._store_status(id, sid, form)
        except DatabaseUnavailable:
            metrics.errors.labels(metrics.NOT_STORED).inc()
            log.error("recording status not stored: the database is down")
            return Response("try again", 503)
        return Response(status_code=204)

    async def _store_status(self, id: str, sid: str, form: Form) -> None:
        status, seconds = form.get("RecordingStatus", ""), form.get("RecordingDuration", "")
        async with self._store.begin() as db:
            if status == "completed":
                length = digits_in(seconds)
                await voicemails.recorded(db, self._store.cipher, id, sid, length, self._clock(), self._alerts)
            elif status in ("absent", "failed") and await voicemail_audio.absent(db, id, sid):
                log.error("voicemail lost, the provider has no recording of it: voicemail=%s status=%s", id, status)

    async def audio(self, request: Request) -> Response:
        """Return the audio, in the provider's own format; no proxy stores it."""
        try:
            id, until = self._links.open(request.path_params["token"])
        except InvalidToken:
            return PlainTextResponse("there is nothing here", 404, NO_STORE)
        if until <= self._clock():
            return PlainTextResponse("this address was good for a short while only", 410, NO_STORE)
        return await self._audio_of(id)

    async def _audio_of(self, id: str) -> Response:
        try:
            async with self._store.begin() as db:
                audio = await voicemail_audio.sound(db, self._store.cipher, id)
        except InvalidToken as error:
            log.error("recording not played: voicemail=%s reason=%r", id, str(error))
            return PlainTextResponse(str(error), 503, NO_STORE)
        except DatabaseUnavailable:
            log.error("recording not played: the database is down")
            return PlainTextResponse("try again", 503, NO_STORE)
        if audio is None:
            return PlainTextResponse("there is nothing here", 404, NO_STORE)
        return Response(audio, media_type="audio/wav", headers=NO_STORE)
