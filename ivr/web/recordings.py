"""Recordings: the provider's news of them, and the sound itself for whoever has an address of it."""

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
from ivr.telephony.webhook import name_in, whole_in
from ivr.web.query import asked
from ivr.web.recording_links import RecordingLinks
from ivr.web.signature_check import Form

log = logging.getLogger(__name__)

SID = re.compile(r"RE[0-9a-f]{32}")
KEPT_BY_NOBODY = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class Recordings:
    """Answers `POST /voice/recording?id=…` and `GET /recordings/…`."""

    def __init__(
        self, store: Store, listening: RecordingLinks, clock: Callable[[], datetime], alerts: StaffAlerts | None = None
    ) -> None:
        self._store, self._listening, self._clock, self._alerts = store, listening, clock, alerts

    async def news(self, scope: Scope, form: Form) -> Response:
        """What became of a recording (https://www.twilio.com/docs/voice/twiml/record#recordingstatuscallback).

        It is told by the name of its message, which stands in the address; perhaps late, twice or first of all.
        """
        id = name_in(asked(scope, "id"))
        sid = form.get("RecordingSid", "")
        try:
            if SID.fullmatch(sid):
                await self._told(id, sid, form)
        except DatabaseUnavailable:
            log.error("news of a recording could not be kept: the database is down")
            return Response("try again", 503)
        return Response(status_code=204)

    async def _told(self, id: str, sid: str, form: Form) -> None:
        status, seconds = form.get("RecordingStatus", ""), form.get("RecordingDuration", "")
        async with self._store.begin() as db:
            if status == "completed":
                length = whole_in(seconds)
                await voicemails.news(db, self._store.cipher, id, sid, length, self._clock(), self._alerts)
            elif status in ("absent", "failed") and await voicemail_audio.absent(db, id, sid):
                log.error("a message is lost: the provider has no recording of it: message=%s status=%s", id, status)

    async def sound(self, request: Request) -> Response:
        """The sound, in the provider's own format; kept by nobody on the way."""
        try:
            id, until = self._listening.open(request.path_params["token"])
            if until <= self._clock():
                return PlainTextResponse("this address was good for a short while only", 410, KEPT_BY_NOBODY)
            async with self._store.begin() as db:
                sound = await voicemail_audio.sound(db, self._store.cipher, id)
        except InvalidToken:
            sound = None
        except DatabaseUnavailable:
            log.error("a recording could not be played: the database is down")
            return PlainTextResponse("try again", 503, KEPT_BY_NOBODY)
        if sound is None:
            return PlainTextResponse("there is nothing here", 404, KEPT_BY_NOBODY)
        return Response(sound, media_type="audio/wav", headers=KEPT_BY_NOBODY)
